"""Boxes, labels and bands of text on copies of images."""

import textwrap
from collections.abc import Sequence

import cv2
import numpy as np

from core.colors import COLORS
from core.recognition.reading import Reading
from core.vision.images import Image

FONT = cv2.FONT_HERSHEY_DUPLEX
MIN_SIDE = 160
"""Pictures whose shorter side has fewer pixels are enlarged before drawing: no text is legible on 48 pixels."""

Color = tuple[int, int, int]
BLACK: Color = (0, 0, 0)
WHITE: Color = (255, 255, 255)
BAND: Color = (150, 20, 20)
UNCERTAIN: Color = (225, 225, 225)


def annotate(image: Image, readings: Sequence[Reading], model: str) -> Image:
    """(H, W, 3) uint8 RGB -> annotated copy: each face boxed in its emotion's colour, with label and confidence, and
    with its number where several faces have one.

    Where the model is uncertain the box is nearly white, and the label says so.

    Same size as the image, unless that is smaller than `MIN_SIDE`; then a whole multiple of it.
    """
    factor = -(-MIN_SIDE // min(image.shape[:2]))
    canvas = image.copy() if factor == 1 else np.ascontiguousarray(image.repeat(factor, axis=0).repeat(factor, axis=1))
    # Smallest first, so that the main face's label lies on top where labels overlap.
    for reading in reversed(readings):
        number = f"{reading.number}: " if reading.number and len(readings) > 1 else ""
        _draw_reading(canvas, reading, model, factor, number)
    return canvas


def draw_banner(image: Image, text: str) -> Image:
    """(H, W, 3) uint8 RGB -> copy of the same size with a dark red band of white text across its top."""
    canvas = np.ascontiguousarray(image.copy())
    height, width = canvas.shape[:2]
    scale, lines = _fit_lines(_ascii(text), canvas)
    line_height = _line_height(scale)
    cv2.rectangle(canvas, (0, 0), (width, min(height, round((len(lines) + 0.6) * line_height))), BAND, cv2.FILLED)
    for number, line in enumerate(lines, start=1):
        _draw_text(canvas, line, (round(width * 0.03), number * line_height), scale, WHITE)
    return canvas


def _fit_lines(text: str, canvas: Image) -> tuple[float, list[str]]:
    """The largest text scale, from the usual one down to a quarter, at which the wrapped lines fit on the canvas."""
    height, width = canvas.shape[:2]
    for share in (1, 0.7, 0.5, 0.35, 0.25):
        scale = _text_scale(canvas) * share
        columns = max(1, int(width * 0.94 / _text_size("m", scale)[0]))
        lines = textwrap.wrap(text, columns, break_on_hyphens=False)
        if (len(lines) + 0.6) * _line_height(scale) <= height and max(map(len, text.split()), default=0) <= columns:
            break
    return scale, lines


def _line_height(scale: float) -> int:
    return 2 * _text_size("A", scale)[1]


def _draw_reading(canvas: Image, reading: Reading, model: str, factor: int, number: str) -> None:
    color = _rgb(COLORS[reading.label(model)]) if reading.is_certain(model) else UNCERTAIN
    left, top, right, bottom = (edge * factor for edge in reading.face.xyxy)
    thickness = max(1, round(min(canvas.shape[:2]) / 240))
    corners = (left, top), (right - 1, bottom - 1)
    # A dark rim keeps the box visible on pictures of its own colour.
    cv2.rectangle(canvas, *corners, BLACK, thickness + 2)
    cv2.rectangle(canvas, *corners, color, thickness)
    _draw_plate(canvas, number + reading.in_words(model), (left, top, bottom), color)


def _draw_plate(canvas: Image, text: str, box: tuple[int, int, int], color: Color) -> None:
    """Text on a filled plate above the box (left, top, bottom); below or inside it where there is no room."""
    height, width = canvas.shape[:2]
    scale = _text_scale(canvas)
    text_width, text_height = _text_size(text, scale)
    padding = max(2, text_height // 3)
    plate_width, plate_height = text_width + 2 * padding, text_height + 2 * padding
    left, top, bottom = box
    x = max(0, min(left, width - plate_width))
    y = top - plate_height if top >= plate_height else min(bottom, height - plate_height)
    cv2.rectangle(canvas, (x, y), (x + plate_width - 1, y + plate_height - 1), color, cv2.FILLED)
    _draw_text(canvas, text, (x + padding, y + padding + text_height), scale, _readable_on(color))


def _draw_text(canvas: Image, text: str, baseline_xy: tuple[int, int], scale: float, color: Color) -> None:
    cv2.putText(canvas, text, baseline_xy, FONT, scale, color, _stroke(scale), cv2.LINE_AA)


def _text_scale(canvas: Image) -> float:
    """Scale at which a capital is 1/28 of the mean side high: never under 9 pixels, never wider than the picture."""
    height, width = canvas.shape[:2]
    capital = max(9, min((height + width) / 56, width / 14, height / 8))
    return float(capital / 21)


def _text_size(text: str, scale: float) -> tuple[int, int]:
    """Width and height in pixels, without what hangs below the baseline."""
    (width, height), _ = cv2.getTextSize(text, FONT, scale, _stroke(scale))
    return width, height


def _stroke(scale: float) -> int:
    return max(1, round(1.4 * scale))


def _ascii(text: str) -> str:
    """OpenCV's fonts know ASCII only; anything else becomes a question mark."""
    return text.encode("ascii", "replace").decode("ascii")


def _rgb(hex_color: str) -> Color:
    red, green, blue = bytes.fromhex(hex_color.removeprefix("#"))
    return red, green, blue


def _readable_on(color: Color) -> Color:
    """Black or white, whichever contrasts more (relative luminance of WCAG 2)."""
    linear = np.where((c := np.array(color) / 255) <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return BLACK if linear @ (0.2126, 0.7152, 0.0722) > 0.179 else WHITE
