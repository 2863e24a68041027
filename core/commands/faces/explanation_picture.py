"""Draw a face and the maps of its labels side by side, with a legend."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from core.colors import rgb
from core.commands.faces.one_face import OneFace
from core.evaluation.attribution.explanation import Explanation
from core.evaluation.attribution.methods import METHODS
from core.evaluation.attribution.pictures import OPPOSES, SUPPORTS, overlay
from core.video.lettering import DARK, MARGIN, WHITE, font
from core.vision.images import Image as Pixels

SIDE = 240
"""Side of the face and of each map, in pixels."""

TITLE, TEXT = 17, 14
"""Sizes of the titles and of the legend, in pixels."""

LINE = 26
"""Height of a line of text."""


def draw(face: OneFace, explanations: Sequence[Explanation], predicted: str) -> Pixels:
    """Return (H, W, 3) uint8 RGB: the face, one map per explanation, and the legend below them."""
    no_map = np.zeros(face.face.shape, np.float32)
    panels = [("face", overlay(face.face, no_map, SIDE))]
    for explanation in explanations:
        title = _title(explanation.label, predicted, face.true_label)
        panels.append((title, overlay(face.face, explanation.values, SIDE)))
    width = MARGIN + max(2, len(panels)) * (SIDE + MARGIN)
    sheet = Image.new("RGB", (width, MARGIN + LINE + SIDE + 3 * LINE + MARGIN), WHITE)
    canvas = ImageDraw.Draw(sheet)
    for number, (title, panel) in enumerate(panels):
        left = MARGIN + number * (SIDE + MARGIN)
        canvas.text((left, MARGIN - 4), title, DARK, font(TITLE))
        sheet.paste(Image.fromarray(panel), (left, MARGIN + LINE))
    _draw_legend(canvas, MARGIN + LINE + SIDE + LINE // 2, METHODS[explanations[0].method].title)
    return np.asarray(sheet, np.uint8)


def _title(label: str, predicted: str, true_label: str | None) -> str:
    kinds = [kind for kind, name in (("predicted", predicted), ("true label", true_label)) if name == label]
    return f"{label} ({', '.join(kinds)})" if kinds else label


def _draw_legend(canvas: ImageDraw.ImageDraw, top: int, method: str) -> None:
    left = float(MARGIN)
    for color, text in ((SUPPORTS, "speaks for the label"), (OPPOSES, "speaks against it")):
        canvas.rectangle((left, top + 2, left + TEXT, top + 2 + TEXT), rgb(color))
        canvas.text((left + TEXT + 6, top), text, DARK, font(TEXT))
        left += TEXT + 6 + font(TEXT).getlength(text) + MARGIN
    canvas.text((MARGIN, top + LINE), f"Method: {method}", DARK, font(TEXT))
