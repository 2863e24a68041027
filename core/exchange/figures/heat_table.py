"""Confusion matrices, and the difference between two of them, as HTML tables with coloured cells."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pandas as pd

from core.emotions import EMOTIONS
from core.evaluation import metrics
from core.evaluation.two_models import wording

SMALLEST_LIMIT = 0.1
"""The colours of differences up to this fraction are pale."""

STRONGEST = 75
"""Largest share of a cell's colour in percent, so that its text is readable."""

DIFFERENCE_LEAD = (
    "A − B in points of the row. Teal: A predicts this label more often; ochre: B does. On the diagonal, more is "
    "better."
)

CELLS = tuple((true, predicted) for true in EMOTIONS for predicted in EMOTIONS)
"""True and predicted label of each cell, row by row."""


class Cell(NamedTuple):
    """One cell of a matrix: its labels, its text, and a title that says in words what it counts."""

    true: str
    predicted: str
    text: str
    title: str
    strength: int
    """Share of the colour in percent, 0..75."""
    side: str
    """The model whose colour the cell has, "a" or "b"."""

    @property
    def style(self) -> str:
        """The cell's colour as CSS properties, for a stylesheet that mixes `--side` and `--strength`."""
        return f"--strength:{self.strength}%;--side:var(--ferscope-{self.side})"

    @property
    def is_first(self) -> bool:
        """Whether this is the cell at the top left."""
        return (self.true, self.predicted) == (EMOTIONS[0], EMOTIONS[0])


def differences(counts: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """Return the 7x7 differences between the shares of the rows, A minus B; NaN in rows without images."""
    return metrics.row_shares(counts[0]) - metrics.row_shares(counts[1])


def difference_cells(counts: tuple[pd.DataFrame, pd.DataFrame]) -> list[Cell]:
    """Return the 49 differences between two models, in percentage points, row by row."""
    delta = differences(counts)
    limit = max(SMALLEST_LIMIT, delta.abs().max().max())
    flat = zip(CELLS, *(table.to_numpy().ravel().tolist() for table in (*counts, delta)), strict=True)
    return [
        Cell(
            labels[0],
            labels[1],
            text="" if math.isnan(value) else wording.points(value),
            title=f"{wording.cell_title(*labels)}: A {a:,.0f}, B {b:,.0f} images",
            strength=0 if math.isnan(value) else round(STRONGEST * min(1, abs(value) / limit)),
            side="a" if value > 0 else "b",
        )
        for labels, a, b, value in flat
    ]


def count_cells(counts: pd.DataFrame, side: str) -> list[Cell]:
    """Return the 49 counts of model "a" or "b" with their share of the row, row by row."""
    shares = metrics.row_shares(counts)
    flat = zip(CELLS, counts.to_numpy().ravel().tolist(), shares.to_numpy().ravel().tolist(), strict=True)
    return [
        Cell(
            labels[0],
            labels[1],
            text=f"{count:,.0f}" if math.isnan(share) else f"{count:,.0f} · {wording.percent(share, 0)}",
            title=f"{wording.cell_title(*labels)}: {count:,.0f} {'image' if count == 1 else 'images'}",
            strength=0 if math.isnan(share) else round(STRONGEST * share),
            side=side,
        )
        for labels, count, share in flat
    ]


def rows_html(cells: Sequence[Cell], write: Callable[[Cell], str]) -> str:
    """Return the head and the body of a table of 49 cells; `write` returns one cell as `<td>`."""
    head = "".join(f'<th scope="col"><span>{emotion}</span></th>' for emotion in EMOTIONS)
    width = len(EMOTIONS)
    rows = "".join(
        f'<tr><th scope="row">{true}</th>{"".join(map(write, cells[width * i : width * (i + 1)]))}</tr>'
        for i, true in enumerate(EMOTIONS)
    )
    return f"<thead><tr><td>true ↓ predicted →</td>{head}</tr></thead><tbody>{rows}</tbody>"
