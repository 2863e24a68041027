"""The tiles of the Errors page as HTML. Each is a button: the face, its true label, both predicted labels, badges."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from core.review.marks import KINDS
from core.vision.crops import Faces
from dashboard import resources
from dashboard.components import clickable
from dashboard.components.face_cards import data_urls
from dashboard.plain_text import escape_html

COPY, AGREED, MARKED = "copy has another label", "both agree against the label", "marked"

Row = Mapping[Hashable, Any]


def grid_html(rows: pd.DataFrame, models: tuple[str, str], faces: Faces | None) -> str:
    """Return one button per row of a table of two models; its choice is the image id.

    `faces` is (n, 48, 48) uint8 in the order of the rows, or None without an import. Models without probabilities, see
    `Card.has_probabilities`, have no confidence. Tab reaches the first button; the arrow keys reach the others.
    """
    cards = resources.models.cards()
    named = {side: cards[name].has_probabilities for side, name in zip("ab", models, strict=True)}
    badges = _badges(rows)
    buttons = (
        _tile(row, url, named, badges[row["image_id"]], at == 0)
        for at, (row, url) in enumerate(zip(rows.to_dict("records"), data_urls(faces, len(rows)), strict=True))
    )
    label = f'aria-label="{len(rows)} faces. Arrow keys go through them, Enter opens one."'
    return f'<div class="ferscope-grid" role="group" data-arrows {label}>{"".join(buttons)}</div>'


def _badges(rows: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return image id -> badge -> its explanation."""
    copies = resources.data.labels_of_copies()
    marks: dict[str, list[str]] = {}
    for mark in resources.review.marks():
        right = f", right: {mark.label}" if mark.label else ""
        marks.setdefault(mark.image_id, []).append(f"{KINDS[mark.kind].title.lower()}{right}")
    badges: dict[str, dict[str, str]] = {}
    for row in rows.to_dict("records"):
        here = badges[row["image_id"]] = {}
        if labels := copies.get(row["image_id"]):
            here[COPY] = f"An exact copy is labelled {' or '.join(labels)}."
        if row["predicted_label_a"] == row["predicted_label_b"] != row["true_label"]:
            here[AGREED] = f"A and B both predict {row['predicted_label_a']}."
        if titles := marks.get(row["image_id"]):
            here[MARKED] = f"Marked as {' and '.join(titles)}."
    return badges


def _tile(row: Row, url: str | None, named: Mapping[str, bool], badges: Mapping[str, str], is_first: bool) -> str:
    name = row["image_id"].rpartition("/")[2]
    image = f'<img src="{url}" alt="" width="48" height="48">' if url else f"<small>{escape_html(name)}</small>"
    predictions = "".join(_prediction(row, side, has_confidence) for side, has_confidence in named.items())
    shown = "".join(f'<span class="badge" title="{escape_html(why)}">{badge}</span>' for badge, why in badges.items())
    spoken = escape_html(_spoken(row, named, badges))
    attributes = f'aria-label="{spoken}" title="{escape_html(row["image_id"])}" tabindex="{0 if is_first else -1}"'
    content = f'{image}<span class="true">{row["true_label"]}</span>{predictions}{shown}'
    return clickable.button_html(row["image_id"], content, attributes)


def _prediction(row: Row, side: str, has_confidence: bool) -> str:
    sign, mark = ("right", " ✓") if row[f"correct_{side}"] else ("wrong", "")
    confidence = f"<span>{_percent(row, side)}</span>" if has_confidence else ""
    label = f"<span><b>{side.upper()}</b> {row[f'predicted_label_{side}']}{mark}</span>"
    return f'<span class="prediction {sign}">{label}{confidence}</span>'


def _percent(row: Row, side: str) -> str:
    return f"{100 * row[f'confidence_{side}']:.0f} %"


def _spoken(row: Row, named: Mapping[str, bool], badges: Mapping[str, str]) -> str:
    """Return the whole tile in words, for screen readers."""
    predictions = [
        f"{side.upper()} predicts {row[f'predicted_label_{side}']}"
        + (f" with {_percent(row, side)}" if has_confidence else "")
        + (", which is right" if row[f"correct_{side}"] else "")
        for side, has_confidence in named.items()
    ]
    sentences = [f"Labelled {row['true_label']}", *predictions]
    return (
        ". ".join(sentences) + ". " + " ".join(f"{badge[0].upper()}{badge[1:]}: {why}" for badge, why in badges.items())
    )
