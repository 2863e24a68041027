"""Tables with one row per fact and one column per model, as HTML.

Each row header can unfold what the fact means. On a phone, one model is shown at a time, and a row of radio buttons
above the table chooses it. assets/styles/models.css does both without a rerun of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.plain_text import escape_html

MOST_CHOICES = 12
"""Number of columns that the style sheet can show one at a time. Tables with more columns scroll in their box."""


@dataclass(frozen=True)
class Row:
    """One row of a table: texts of any origin, which are escaped here."""

    label: str
    cells: tuple[str, ...]
    detail: str = ""
    """Small text behind the label, such as a number of images."""
    meaning: str = ""
    """Sentences that are unfolded by a press on the label."""
    best: frozenset[int] = frozenset()
    """The columns whose cells are the best of the row."""
    notes: tuple[str, ...] = ()
    """Small text behind each cell, such as an interval; empty if there is none."""


def side_by_side(rows: Sequence[Row], names: Sequence[str], caption: str, name: str) -> str:
    """Return a table as HTML. `names` are the headings of the columns; `name` is unique among the tables of a page.

    If there are bold cells, the caption says what they mean.
    """
    if any(row.best for row in rows):
        caption += "; bold is the best of a row"
    heads = "".join(f'<th scope="col">{escape_html(heading)}</th>' for heading in names)
    body = "".join(map(_row_html, rows))
    return (
        f'<div class="ferscope-columns" style="--models: {len(names)}">{_choice_html(names, name)}'
        f'<div class="ferscope-table" tabindex="0" role="region" aria-label="{escape_html(caption)}">'
        f"<table><caption>{escape_html(caption)}</caption>"
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody></table></div></div>"
    )


def _choice_html(names: Sequence[str], name: str) -> str:
    """Return the radio buttons that choose a column on a phone; none for a single column."""
    if not 1 < len(names) <= MOST_CHOICES:
        return ""
    options = "".join(
        f'<label><input type="radio" name="ferscope-{name}" value="{i}"{" checked" if i == 1 else ""}>'
        f"{escape_html(heading)}</label>"
        for i, heading in enumerate(names, start=1)
    )
    return f"<fieldset><legend>Model shown</legend>{options}</fieldset>"


def _row_html(row: Row) -> str:
    detail = f" <small>{escape_html(row.detail)}</small>" if row.detail else ""
    label = f"{escape_html(row.label)}{detail}"
    if row.meaning:
        label = f"<details><summary>{label}</summary><p>{escape_html(row.meaning)}</p></details>"
    notes = row.notes or ("",) * len(row.cells)
    cells = (_cell_html(cell, note, i in row.best) for i, (cell, note) in enumerate(zip(row.cells, notes, strict=True)))
    return f'<tr><th scope="row">{label}</th>{"".join(cells)}</tr>'


def _cell_html(cell: str, note: str, is_best: bool) -> str:
    text = f'<strong>{escape_html(cell)}<span class="hidden">, best</span></strong>' if is_best else escape_html(cell)
    return f"<td>{text}{f' <small>{escape_html(note)}</small>' if note else ''}</td>"
