"""Faces with captions and bars as HTML: one string for a whole grid, so that a page of faces is one element.

Everything that comes from a file or a user is escaped.
"""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
from PIL import Image

from core.emotions import COLORS, EMOTIONS

Bars = Mapping[str, Sequence[float]]
"""Model name -> seven probabilities in the order of EMOTIONS."""


@dataclass(frozen=True)
class FaceCard:
    """One face of a grid."""

    title: str
    notes: tuple[str, ...] = ()
    """Lines of small text under the title."""
    picture: str | None = None
    """A data address, made by `data_address`; None where the picture is not there."""
    bars: Bars = field(default_factory=dict)
    alt: str = "a face"
    """What a screen reader says of the picture."""


def data_address(face: np.ndarray) -> str:
    """(h, w) uint8 gray or (h, w, 3) uint8 RGB -> `data:image/png;base64,...`."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(face)).save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def bars_html(bars: Bars) -> str:
    """Seven bars for each model, the largest in bold, each with its name and its percentage."""
    return f'<div class="ferscope-bars">{"".join(_model_bars(*item) for item in bars.items())}</div>' if bars else ""


def _model_bars(model: str, probabilities: Sequence[float]) -> str:
    top = int(np.argmax(probabilities))
    rows = (_bar(emotion, p, i == top) for i, (emotion, p) in enumerate(zip(EMOTIONS, probabilities, strict=True)))
    return f'<div class="model">{escape(model)}</div>{"".join(rows)}'


def _bar(emotion: str, probability: float, is_top: bool) -> str:
    return (
        f'<div class="ferscope-bar{" top" if is_top else ""}"><span>{emotion}</span><span class="track">'
        f'<span class="fill" style="display:block;width:{probability:.1%};background:{COLORS[emotion]}"></span></span>'
        f'<span class="value">{probability:.0%}</span></div>'
    )


def face_html(card: FaceCard) -> str:
    """One card: picture, title, notes, bars."""
    picture = f'<img src="{card.picture}" alt="{escape(card.alt)}">' if card.picture else ""
    notes = "".join(f'<div class="note">{escape(note)}</div>' for note in card.notes)
    title = f"<figcaption><strong>{escape(card.title)}</strong>{notes}</figcaption>"
    return f'<figure class="ferscope-face">{picture}{title}{bars_html(card.bars)}</figure>'


def grid_html(cards: Sequence[FaceCard], card_width: int = 230) -> str:
    """As many cards beside each other as fit; `card_width` in CSS pixels is the least a card gets."""
    figures = "".join(map(face_html, cards))
    return f'<div class="ferscope-faces" style="--card-width:{card_width}px">{figures}</div>'
