"""Faces with captions and bars as HTML: one string for a whole grid, so that a page of faces is one element.

Everything that comes from a file or a user is escaped.
"""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.colors import COLORS
from core.emotions import EMOTIONS
from core.recognition.reading import Reading
from core.vision.crops import Faces

Bars = Mapping[str, Sequence[float]]
"""Model name -> seven probabilities in the order of EMOTIONS."""


@dataclass(frozen=True)
class FaceCard:
    """One face of a grid."""

    title: str
    notes: tuple[str, ...] = ()
    """Lines of small text under the title."""
    picture: str | None = None
    """A data address, made by `data_address`; None if the picture is not there."""
    bars: Bars = field(default_factory=dict)
    true_label: str | None = None
    """Marked among the bars."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Model name -> the label in bold; of a model that is not here the most probable one."""
    alt: str = "a face"
    """What a screen reader says of the picture."""


def verdicts(reading: Reading) -> tuple[str, ...]:
    """A note for each model: its label in words, and its name."""
    return tuple(f"{reading.in_words(model)}, says {model}" for model in reading.probabilities)


def data_address(face: NDArray[np.uint8]) -> str:
    """(h, w) uint8 gray or (h, w, 3) uint8 RGB -> `data:image/png;base64,...`."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(face)).save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def data_addresses(faces: Faces | None, count: int) -> list[str | None]:
    """One address per face; as many times None if there are no pictures."""
    return [None] * count if faces is None else list(map(data_address, faces))


def bars_html(bars: Bars, true_label: str | None = None, labels: Mapping[str, str] | None = None) -> str:
    """Seven bars for each model, the predicted label's in bold, each with its name and its percentage; ✓ marks the true
    label. What `labels` does not hold is predicted by the largest."""
    models = "".join(
        _model_bars(model, probabilities, true_label, (labels or {}).get(model))
        for model, probabilities in bars.items()
    )
    return f'<div class="ferscope-bars">{models}</div>' if bars else ""


def _model_bars(model: str, probabilities: Sequence[float], true_label: str | None, label: str | None) -> str:
    label = label or EMOTIONS[int(np.argmax(probabilities))]
    rows = (
        _bar(emotion, probability, emotion == label, emotion == true_label)
        for emotion, probability in zip(EMOTIONS, probabilities, strict=True)
    )
    return f'<div><div class="model">{escape(model)}</div>{"".join(rows)}</div>'


def _bar(emotion: str, probability: float, is_top: bool, is_true: bool) -> str:
    return (
        f'<div class="ferscope-bar{" top" if is_top else ""}"><span>{emotion}{" ✓" if is_true else ""}</span>'
        f'<span class="track"><span class="fill" style="width:{probability:.1%};background:{COLORS[emotion]}"></span>'
        f'</span><span class="value">{probability:.0%}</span></div>'
    )


def face_html(card: FaceCard) -> str:
    """One card: picture, title, notes, bars."""
    picture = f'<img src="{card.picture}" alt="{escape(card.alt)}">' if card.picture else ""
    notes = "".join(f'<div class="note">{escape(note)}</div>' for note in card.notes)
    title = f"<figcaption><strong>{escape(card.title)}</strong>{notes}</figcaption>"
    head = f'<div class="head">{picture}{title}</div>'
    return f'<figure class="ferscope-face">{head}{bars_html(card.bars, card.true_label, card.labels)}</figure>'


def grid_html(cards: Sequence[FaceCard], card_width: int = 230) -> str:
    """As many cards beside each other as fit; `card_width` in CSS pixels is the least a card gets."""
    figures = "".join(map(face_html, cards))
    return f'<div class="ferscope-faces" style="--card-width:{card_width}px">{figures}</div>'
