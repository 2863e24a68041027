"""Draw boxes, labels, banners and prompts on copies of images."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.colors import COLORS, Color, rgb
from core.recognition.reading import Reading
from core.vision.crops import square_of
from core.vision.faces import Face
from core.vision.images import Image

FONT = cv2.FONT_HERSHEY_DUPLEX
MIN_SIDE = 160
"""Minimum shorter side of an annotated copy, in pixels. Text would not be legible on an image of 48 pixels."""

MAX_ENLARGED_SIDE = 4096
"""Images are not enlarged to longer sides than this. One of 1 x 20,000 pixels would otherwise take gigabytes."""

BLACK: Color = (0, 0, 0)
WHITE: Color = (255, 255, 255)
BANNER: Color = (150, 20, 20)
UNCERTAIN_COLOR: Color = (225, 225, 225)
WAIT_COLOR: Color = (255, 196, 0)
ACT_COLOR: Color = (110, 230, 140)
BAR_COLOR: Color = (48, 48, 48)

HOLD = "HOLD"
COUNTERS = {"0": 2.6, HOLD: 1.4}
"""Counter of a prompt -> its size, relative to the text. "0" stands for all digits.

The column of the counter is wide enough for each of them, so that the text does not move.
"""


@dataclass(frozen=True)
class Prompt:
    """What a person in front of the camera is asked to do now. Texts are ASCII."""

    title: str
    text: str
    counter: str
    """A digit or `HOLD`, drawn larger than the rest."""
    progress: float
    """Filled share of the bar, 0..1."""
    acting: bool
    """Whether to act now, and not only to get ready. It decides the colour of the counter and of the bar."""


def annotate(image: Image, readings: Sequence[Reading], model: str, in_place: bool = False) -> Image:
    """Return a copy of an (H, W, 3) uint8 RGB image, with a box, label and confidence for each face.

    The box has the colour of the emotion, or is light gray if the model is uncertain. The box of a turned face is
    turned. If there are several faces, each label begins with the number of its face, unless that is 0. If the image
    is smaller than `MIN_SIDE`, the copy is enlarged by an integer factor. If `in_place` is true, and the image need not
    be enlarged, it is drawn on the image itself, which saves the memory of a copy.
    """
    factor = _enlargement(image)
    if factor > 1:
        canvas = np.ascontiguousarray(image.repeat(factor, axis=0).repeat(factor, axis=1))
    else:
        canvas = image if in_place else image.copy()
    # The largest face comes first in `readings`. It is drawn last, so that its label is on top if labels overlap.
    for reading in reversed(readings):
        number = f"{reading.number}: " if reading.number and len(readings) > 1 else ""
        _draw_reading(canvas, reading, model, factor, number)
    return canvas


def _enlargement(image: Image) -> int:
    """Return the factor by which the copy of an image is enlarged, so that its text is legible."""
    shorter, longer = int(min(image.shape[:2])), int(max(image.shape[:2]))
    return max(1, min(math.ceil(MIN_SIDE / shorter), MAX_ENLARGED_SIDE // longer))


def draw_banner(image: Image, text: str) -> Image:
    """Return a copy of an (H, W, 3) uint8 RGB image, with white text on a dark red band across the top."""
    canvas = np.ascontiguousarray(image.copy())
    height, width = canvas.shape[:2]
    scale, lines = _fit_lines(_ascii(text), canvas)
    line_height = _line_height(scale)
    cv2.rectangle(canvas, (0, 0), (width, min(height, round((len(lines) + 0.6) * line_height))), BANNER, cv2.FILLED)
    for number, line in enumerate(lines, start=1):
        _draw_text(canvas, line, (round(width * 0.03), number * line_height), scale, WHITE)
    return canvas


def draw_prompt(image: Image, prompt: Prompt) -> Image:
    """Return a copy of an (H, W, 3) uint8 RGB image, with a prompt on a darkened band across the bottom.

    The image stays visible through the band. Under the text is a bar that shows the progress.
    """
    canvas = np.ascontiguousarray(image.copy())
    height, width = canvas.shape[:2]
    scale = _text_scale(canvas)
    unit = _text_size("A", scale)[1]  # the height of a capital letter
    column = max(_text_size(text, factor * scale)[0] for text, factor in COUNTERS.items()) + 2 * unit
    text_scale, lines = _wrapped(_ascii(prompt.text), 0.85 * scale, width - column - unit)
    bar = max(4, unit // 2)
    top = max(0, height - bar - round((3.2 + 1.5 * len(lines)) * unit))
    canvas[top:] >>= 2
    _draw_text(canvas, _ascii(prompt.title), (unit, top + round(1.8 * unit)), 1.2 * scale, WHITE)
    for number, line in enumerate(lines, start=1):
        _draw_text(canvas, line, (unit, top + round((2 + 1.5 * number) * unit)), text_scale, WHITE)
    color = ACT_COLOR if prompt.acting else WAIT_COLOR
    counter_scale = COUNTERS.get(prompt.counter, COUNTERS["0"]) * scale
    counter_width, counter_height = _text_size(prompt.counter, counter_scale)
    counter_xy = width - (column + counter_width) // 2, (top + height - bar + counter_height) // 2
    _draw_text(canvas, _ascii(prompt.counter), counter_xy, counter_scale, color)
    canvas[-bar:] = BAR_COLOR
    canvas[-bar:, : round(width * prompt.progress)] = color
    return canvas


def _wrapped(text: str, scale: float, width: int) -> tuple[float, list[str]]:
    """Return a font scale, at most `scale`, and the text in at most two lines that are at most `width` pixels wide.

    If the text does not fit at half of the scale, lines are cut off at the border.
    """
    for factor in (1, 0.85, 0.7, 0.5):
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and _text_size(longer, factor * scale)[0] > width:
                lines.append(word)
            else:
                lines[-1] = longer
        if len(lines) <= 2 and all(_text_size(line, factor * scale)[0] <= width for line in lines):
            break
    return factor * scale, lines[:2]


def _fit_lines(text: str, canvas: Image) -> tuple[float, list[str]]:
    """Wrap the text to fit on the canvas, and return the font scale and the lines.

    Use the largest of five scales, from `_text_scale` to a quarter of it, at which the text fits. If it does not fit
    at any of them, use the smallest.
    """
    height, width = canvas.shape[:2]
    longest_word = max(map(len, text.split()), default=0)
    for factor in (1, 0.7, 0.5, 0.35, 0.25):
        scale = _text_scale(canvas) * factor
        columns = max(1, int(width * 0.94 / _text_size("m", scale)[0]))
        lines = textwrap.wrap(text, columns, break_on_hyphens=False)
        if (len(lines) + 0.6) * _line_height(scale) <= height and longest_word <= columns:
            break
    return scale, lines


def _line_height(scale: float) -> int:
    """Return the height of a line in pixels, twice that of a capital letter."""
    return 2 * _text_size("A", scale)[1]


def _draw_reading(canvas: Image, reading: Reading, model: str, factor: int, number: str) -> None:
    color = rgb(COLORS[reading.label(model)]) if reading.is_certain(model) else UNCERTAIN_COLOR
    corners = _corners(reading.face, factor)
    thickness = max(1, round(min(canvas.shape[:2]) / 240))
    # A dark rim keeps the box visible on an image of the same colour.
    for stroke, stroke_color in ((thickness + 2, BLACK), (thickness, color)):
        cv2.polylines(canvas, [corners], True, stroke_color, stroke)
    (left, top), bottom = corners.min(axis=0).tolist(), int(corners[:, 1].max()) + 1
    _draw_label(canvas, number + reading.label_text(model), (left, max(0, top), bottom), color)


def _corners(face: Face, factor: int) -> NDArray[np.int32]:
    """Return the corners of the box of a face, in pixels of an image enlarged by `factor`: (4, 2) int32.

    The box of a face that is turned in the image is turned too.
    """
    square = square_of(face)
    if square.angle:
        return (factor * np.array(square.corners)).round().astype(np.int32)
    left, top, right, bottom = (edge * factor for edge in face.xyxy)
    return np.array([(left, top), (right - 1, top), (right - 1, bottom - 1), (left, bottom - 1)], np.int32)


def _draw_label(canvas: Image, text: str, left_top_bottom: tuple[int, int, int], color: Color) -> None:
    """Draw text on a filled rectangle above the box with these edges.

    If the rectangle does not fit above the box, draw it below; if it does not fit there either, draw it over the box.
    """
    height, width = canvas.shape[:2]
    scale = _text_scale(canvas)
    text_width, text_height = _text_size(text, scale)
    padding = max(2, text_height // 3)
    label_width, label_height = text_width + 2 * padding, text_height + 2 * padding
    left, top, bottom = left_top_bottom
    x = max(0, min(left, width - label_width))
    y = top - label_height if top >= label_height else min(bottom, height - label_height)
    cv2.rectangle(canvas, (x, y), (x + label_width - 1, y + label_height - 1), color, cv2.FILLED)
    _draw_text(canvas, text, (x + padding, y + padding + text_height), scale, contrast_color(color))


def _draw_text(canvas: Image, text: str, baseline_xy: tuple[int, int], scale: float, color: Color) -> None:
    cv2.putText(canvas, text, baseline_xy, FONT, scale, color, _stroke_width(scale), cv2.LINE_AA)


def _text_scale(canvas: Image) -> float:
    """Return the font scale for labels on an image of this size.

    The height of a capital letter is 1/28 of the mean of width and height, but at most 1/14 of the width, at most 1/8
    of the height, and at least 9 pixels.
    """
    height, width = canvas.shape[:2]
    capital_height = max(9, min((height + width) / 56, width / 14, height / 8))
    return float(capital_height / 21)  # at scale 1, a capital letter is 21 pixels high


def _text_size(text: str, scale: float) -> tuple[int, int]:
    """Return the width of the text and its height above the baseline, in pixels."""
    (width, height), _ = cv2.getTextSize(text, FONT, scale, _stroke_width(scale))
    return width, height


def _stroke_width(scale: float) -> int:
    return max(1, round(1.4 * scale))


def _ascii(text: str) -> str:
    """Replace non-ASCII characters with question marks, because OpenCV's fonts contain only ASCII."""
    return text.encode("ascii", "replace").decode("ascii")


def contrast_color(color: Color) -> Color:
    """Return black or white, whichever contrasts more with the colour (relative luminance of WCAG 2)."""
    linear = np.where((c := np.array(color) / 255) <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return BLACK if linear @ (0.2126, 0.7152, 0.0722) > 0.179 else WHITE
