"""Faces with captions and probability bars as HTML.

A whole grid of faces is one string, so that it is only one Streamlit element. All text from files and users is escaped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.colors import COLORS
from core.emotions import EMOTIONS
from core.recognition.reading import Reading
from core.vision.crops import Faces
from core.vision.images import data_url
from dashboard.plain_text import escape_html

Bars = Mapping[str, Sequence[float]]
"""Model name -> seven probabilities in the order of EMOTIONS."""


@dataclass(frozen=True)
class FaceCard:
    """One face with its captions and probability bars."""

    title: str
    notes: tuple[str, ...] = ()
    """Lines of small text under the title."""
    image_url: str | None = None
    """The face as a data URL, made by `core.vision.images.data_url`; None if there is no image."""
    bars: Bars = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    """Model name -> the label shown in bold. Models without an entry show their most probable emotion in bold."""
    alt: str = "a face"
    """Description of the image for screen readers."""
    top: int | None = None
    """How many bars per model are visible, the longest first; all seven are then folded away. None: all are visible."""


def prediction_notes(reading: Reading) -> tuple[str, ...]:
    """Return one line per model: its name, its predicted label and why it is uncertain, if a flaw of the face is why.

    For example "cnn: happy 72 %" or "cnn: uncertain (angry 49 %), too dark".
    """
    flaw = reading.quality.flaw if reading.quality else None
    return tuple(
        f"{model}: {reading.label_text(model)}" + (f", {flaw}" if flaw else "") for model in reading.probabilities
    )


def data_urls(faces: Faces | None, count: int) -> list[str | None]:
    """Return one data URL per face; if `faces` is None, return a list of `count` Nones."""
    return [None] * count if faces is None else list(map(data_url, faces))


def bars_html(bars: Bars, true_label: str | None = None, labels: Mapping[str, str] | None = None) -> str:
    """Return HTML with seven bars per model, each with its emotion and percentage; an empty string without models.

    The predicted label is in bold: the model's entry in `labels`, otherwise its most probable emotion. A ✓ marks the
    true label.
    """
    models = "".join(
        _model_bars(model, probabilities, true_label, (labels or {}).get(model))
        for model, probabilities in bars.items()
    )
    return f'<div class="ferscope-bars">{models}</div>' if bars else ""


def top_bars_html(bars: Bars, top: int, true_label: str | None = None, labels: Mapping[str, str] | None = None) -> str:
    """Return HTML with the `top` longest bars per model, and all seven folded away; an empty string without models."""
    models = "".join(
        _model_bars(model, probabilities, true_label, (labels or {}).get(model), top)
        for model, probabilities in bars.items()
    )
    folded = f"<details><summary>All seven</summary>{bars_html(bars, true_label, labels)}</details>"
    return f'<div class="ferscope-bars ferscope-top-bars">{models}</div>{folded}' if bars else ""


def _model_bars(
    model: str, probabilities: Sequence[float], true_label: str | None, label: str | None, top: int | None = None
) -> str:
    label = label or EMOTIONS[int(np.argmax(probabilities))]
    bars = list(zip(EMOTIONS, probabilities, strict=True))
    shown = bars if top is None else sorted(bars, key=lambda bar: -bar[1])[:top]
    rows = (_bar(emotion, probability, emotion == label, emotion == true_label) for emotion, probability in shown)
    return f'<div><div class="model">{escape_html(model)}</div>{"".join(rows)}</div>'


def _bar(emotion: str, probability: float, is_predicted: bool, is_true: bool) -> str:
    return (
        f'<div class="ferscope-bar{" top" if is_predicted else ""}"><span>{emotion}{" ✓" if is_true else ""}</span>'
        f'<span class="track"><span class="fill" style="width:{probability:.1%};background:{COLORS[emotion]}"></span>'
        f'</span><span class="value">{100 * probability:.0f} %</span></div>'
    )


def face_html(card: FaceCard) -> str:
    """Return one card as HTML: image, title, notes and bars."""
    image = f'<img src="{card.image_url}" alt="{escape_html(card.alt)}">' if card.image_url else ""
    notes = "".join(f'<div class="note">{escape_html(note)}</div>' for note in card.notes)
    title = f"<figcaption><strong>{escape_html(card.title)}</strong>{notes}</figcaption>"
    head = f'<div class="head">{image}{title}</div>'
    if card.top is None:
        bars = bars_html(card.bars, labels=card.labels)
    else:
        bars = top_bars_html(card.bars, card.top, labels=card.labels)
    return f'<figure class="ferscope-face">{head}{bars}</figure>'


def grid_html(cards: Sequence[FaceCard], card_width: int = 230) -> str:
    """Return an HTML grid with as many columns as fit the window. `card_width` is the minimum width in CSS pixels."""
    figures = "".join(map(face_html, cards))
    return f'<div class="ferscope-faces" style="--card-width:{card_width}px">{figures}</div>'
