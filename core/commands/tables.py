"""Tables of results on stdout, whose cells stay whole in pipes and in narrow terminals."""

import os
from collections.abc import Iterable, Sequence

from core.runtime.streams import printable

WIDEST = 100_000
"""More characters than any table is wide."""

NARROWEST_COLUMN = 8
"""Smallest width of columns after the first in narrow terminals, with their borders: enough for `72.6%`."""


def print_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    title: str = "",
    numbers_from: int | None = None,
    line_after: int = 0,
    simple: bool = False,
) -> None:
    """Print a table. The cells of column `numbers_from`, counted from 0, and of later columns are aligned on the right.

    A line is drawn after the row `line_after` (counted from 1). `simple` leaves out the lines between columns.

    In a file or pipe, cells are not wrapped, unless the variable COLUMNS sets a width. In a terminal, the table is as
    wide as the terminal, but the cells of the first column stay whole. Cells of other columns continue on a new line.
    """
    from rich.box import HEAVY_HEAD, SIMPLE_HEAD
    from rich.console import Console
    from rich.measure import Measurement
    from rich.table import Table

    table = Table(title=printable(title) or None, box=SIMPLE_HEAD if simple else HEAVY_HEAD)
    for number, heading in enumerate(headings):
        is_number = numbers_from is not None and number >= numbers_from
        table.add_column(heading, justify="right" if is_number else "left", no_wrap=number == 0, overflow="fold")
    for number, row in enumerate(rows, start=1):
        table.add_row(*map(printable, row), end_section=number == line_after)
    # Without `markup=False`, a name such as [/x] would be an error.
    console = Console(markup=False, emoji=False, highlight=False)
    options = console.options.update(width=WIDEST)
    first = table.columns[0]
    first.min_width = max(Measurement.get(console, options, text).maximum for text in [first.header, *first.cells])
    is_piped = not console.is_terminal and not os.environ.get("COLUMNS")
    narrowest = first.min_width + 3 + NARROWEST_COLUMN * (len(headings) - 1)
    console.width = Measurement.get(console, options, table).maximum if is_piped else max(narrowest, console.width)
    console.print(table)
