"""Parts of the view as HTML: the face with its predictions, and its facts. All foreign text is escaped."""

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.vision.images import data_url
from dashboard import resources
from dashboard.components import face_cards
from dashboard.components.face_view import facts
from dashboard.components.face_view.answers import Answer
from dashboard.plain_text import escape_html

BARS = 3
"""Number of bars per model that are visible before the visitor asks for all."""

MOST_COPIES = 8
"""Number of exact copies that are listed; the blank images of a data set are all copies of each other."""

NEW = "Predicted now, because no prediction is stored for this image."


def face_html(row: pd.Series, face: NDArray[np.uint8] | None, answers: Sequence[Answer]) -> str:
    """Return the enlarged face, its true label and what each model says, with its three longest bars.

    `row` is that of the manifest, and `face` (48, 48) uint8, or None without an import.
    """
    true = str(row["true_label"])
    said = "; ".join(f"{answer.model} predicts {answer.text}" for answer in answers if answer.label)
    alt = escape_html(f"Face labelled {true}. {said}")
    image = f'<img src="{data_url(face)}" alt="{alt}">' if face is not None else ""
    verdicts = "".join(_verdict_html(side, each, true) for side, each in zip("AB", answers, strict=False))
    bars = {
        f"{side}: {each.model}": each.probabilities
        for side, each in zip("AB", answers, strict=False)
        if each.probabilities
    }
    note = _note_html(row, answers)
    label = f'<p class="true">labelled <strong>{true}</strong></p>'
    return (
        f'<div class="face">{image}<div>{label}<ul>{verdicts}</ul>{_doubt_html(row)}</div>'
        f"</div>{face_cards.top_bars_html(bars, BARS, true)}{note}"
    )


def _doubt_html(row: pd.Series) -> str:
    """Say which other labels the exact copies have, if there are any."""
    others = resources.data.labels_of_copies().get(row["image_id"])
    return f'<p class="ferscope-note">An exact copy is labelled {" or ".join(others)}.</p>' if others else ""


def _note_html(row: pd.Series, answers: Sequence[Answer]) -> str:
    """Say that a prediction was made now, if one was, and what that means for an image of train."""
    if not any(each.is_new for each in answers):
        return ""
    seen = " It may have been among the images that the models were trained on." if row["split"] == "train" else ""
    return f'<p class="ferscope-note">{NEW}{seen}</p>'


def _verdict_html(side: str, answer: Answer, true: str) -> str:
    name = f"{side}: {escape_html(answer.model)}"
    if answer.label is None:
        return f"<li><span>{name}</span> {escape_html(answer.reason, 300)}</li>"
    mark = "✓ right" if answer.label == true else "wrong"
    return f"<li><span>{name}</span> <strong>{answer.text}</strong> {mark}</li>"


def facts_html(row: pd.Series, answers: Sequence[Answer], guests: Sequence[Answer]) -> str:
    """Return the facts of an image as a list, and its exact copies and the guests' labels as tables."""
    entries = {"Usage and split": f"{row['usage']}, {row['split']}", **facts.measure_texts(row)}
    if row["blank"]:
        entries["Blank"] = "all pixels have the same gray level"
    items = "".join(f"<div><dt>{title}</dt><dd>{escape_html(text)}</dd></div>" for title, text in entries.items())
    return f"<h3>Facts</h3><dl>{items}</dl>{_copies_html(row, answers)}{_guests_html(guests, str(row['true_label']))}"


def _copies_html(row: pd.Series, answers: Sequence[Answer]) -> str:
    copies = facts.copies_of(row)
    if copies.empty:
        return '<p class="ferscope-note">No exact copy of this image is in the data set.</p>'
    shown = copies.head(MOST_COPIES)
    heads = "".join(f'<th scope="col">{side}</th>' for side, _ in zip("AB", answers, strict=False))
    said = "".join(f"<td>{each.text}</td>" for each in answers)  # equal pixels, so equal predictions
    rows = "".join(_copy_html(copy, str(row["true_label"]), said) for copy in shown.to_dict("records"))
    others = f", the first {MOST_COPIES} of which are listed" if len(copies) > MOST_COPIES else ""
    caption = f"{len(copies)} exact {'copy' if len(copies) == 1 else 'copies'}{others}"
    return (
        f'<table><caption>{caption}</caption><thead><tr><th scope="col">Image</th><th scope="col">Label</th>'
        f'<th scope="col">Split</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _copy_html(copy: Mapping[Hashable, object], true: str, said: str) -> str:
    label = str(copy["true_label"])
    shown = label if label == true else f"<strong>{label}</strong>, not {true}"
    image_id = escape_html(copy["image_id"])
    return f'<tr><th scope="row">{image_id}</th><td>{shown}</td><td>{copy["split"]}</td>{said}</tr>'


def _guests_html(guests: Sequence[Answer], true: str) -> str:
    if not guests:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape_html(each.model)}</th>'
        f"<td>{each.text}{' ✓' if each.label == true else ''}</td></tr>"
        for each in guests
    )
    return (
        '<table><caption>Your other models</caption><thead><tr><th scope="col">Model</th>'
        f'<th scope="col">Label</th></tr></thead><tbody>{rows}</tbody></table>'
    )
