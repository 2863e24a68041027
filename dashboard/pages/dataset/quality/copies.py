"""Exact copies, leaks, label conflicts, blank images and near copies: how many there are, and where to see them."""

from typing import NamedTuple

import pandas as pd

from core.data.issues import ISSUES
from dashboard import keys
from dashboard.components import clickable, downloads, layout
from dashboard.pages.dataset import opening
from dashboard.pages.dataset.gallery.facts import Facts
from dashboard.pages.dataset.gallery.kinds import KINDS
from dashboard.pages.dataset.texts import counted
from dashboard.plain_text import escape_html


class Row(NamedTuple):
    """One kind of images in the table."""

    what: str
    images: int
    of: int
    """The number of images that `images` is a share of."""
    of_what: str
    note: str
    kind: str
    """The key of `KINDS` that shows them."""


def show(facts: Facts) -> None:
    """Show the table; a press on a row opens its images in the gallery."""
    layout.subheader("Copies and blank images", "Press *Show* to see the images in the gallery.")
    found = rows(facts)
    clickable.show(table_html(found), keys.QUALITY_TABLE, _open_pressed)
    table = pd.DataFrame(found)[["what", "images", "of", "of_what", "note"]]
    downloads.csv_button(table, "quality")


def rows(facts: Facts) -> list[Row]:
    """Return what there is of each kind."""
    manifest = facts.manifest
    n, tests = len(manifest), int((manifest["split"] == "test").sum())
    exact, leaks, conflicts, blanks = (
        ISSUES[name].rows(manifest) for name in ("duplicates", "leaks", "conflicts", "blanks")
    )
    groups = exact["duplicate_group"].nunique()
    halves = leaks["usage"].value_counts()
    by_half = ", ".join(f"{half} {halves[half]:,}" for half in ("PublicTest", "PrivateTest") if halves[half])
    found = [
        Row("Images with an exact copy", len(exact), n, "all", counted(groups, "group"), "exact"),
        Row("Surplus: all but one of each group", len(exact) - groups, n, "all", "", "exact"),
        Row("Test images with an exact copy in Training", len(leaks), tests, "test", by_half, "across"),
        Row(
            "Exact copies with different labels",
            len(conflicts),
            n,
            "all",
            counted(conflicts["duplicate_group"].nunique(), "group"),
            "conflicts",
        ),
        Row("Blank images", len(blanks), n, "all", _usages(blanks), "blank"),
    ]
    near = KINDS["near"].rows(facts)
    if near is not None:
        more = int(near.sum())
        clean = tests - len(leaks) - more
        found[3:3] = [
            Row("Test images with a near copy and no exact one", more, tests, "test", "", "near"),
            Row("Test images with neither", clean, tests, "test", "the slice without near copies", ""),
        ]
    return found


def _usages(images: pd.DataFrame) -> str:
    """Return how many images each usage has, such as "Training 11, PublicTest 1"."""
    counts = images["usage"].value_counts(sort=False)
    return ", ".join(f"{usage} {count:,}" for usage, count in counts.items() if count)


def table_html(found: list[Row]) -> str:
    """Return the table as HTML, with a button in each row whose images can be shown."""
    head = "".join(f'<th scope="col">{title}</th>' for title in ("What", "Images", "Gallery", "Share", "Of these"))
    body = "".join(map(_row_html, found))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="ferscope-table" tabindex="0">{table}</div>'


def _row_html(row: Row) -> str:
    share = f"{_percent(row.images / row.of)} of {row.of_what}" if row.of else ""
    name = f'aria-label="Show: {escape_html(row.what)}"'
    button = clickable.button_html(row.kind, "Show", name) if row.kind and row.images else ""
    cells = (f"{row.images:,}", button, share, escape_html(row.note))
    return f'<tr><th scope="row">{escape_html(row.what)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _percent(share: float) -> str:
    """Return a share, 0..1, with one digit, or with two if it is below 0.1 %."""
    return f"{100 * share:.{2 if 0 < share < 0.001 else 1}f} %"


def _open_pressed() -> None:
    opening.open_gallery(clickable.choice_of(keys.QUALITY_TABLE))
