"""Draw the timelines of a film: for each face and model, the probabilities and the label over time."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw

from core.colors import COLORS, Color, paler, rgb
from core.emotions import EMOTIONS
from core.recognition.drawing import contrast_color
from core.video.files.results.time_bins import Lane, TimeBins
from core.video.lettering import DARK, GRAY, MARGIN, WHITE, font, plain_text
from core.video.times import Ticks, clock, ticks
from core.vision.images import Image

COLUMNS = 1200
"""Width of the timelines in pixels."""

MAX_FACES = 12
"""Maximum number of faces on a sheet: those with the most readings."""

MAX_LANES = 36
"""Maximum number of timelines on a sheet, unless a single face has more models. It bounds the sheet's height."""

NAME_WIDTH = 152
AREA_HEIGHT, BAND_HEIGHT = 90, 22
LANE_HEIGHT = AREA_HEIGHT + BAND_HEIGHT + 14
FACE_GAP = 16
AXIS_HEIGHT = 30

GRID = (226, 230, 232)
PALE = 0.6
"""Share of white in the band of an uncertain label."""

OVERSAMPLING = 4
"""Number of samples per pixel of the areas' height, so that their edges are smooth."""


class Timelines:
    """The timelines of all faces of a film, from its table in chunks."""

    def __init__(self, start_s: float, end_s: float, columns: int = COLUMNS, step_s: float = 0.0) -> None:
        """Show the time from `start_s` to `end_s` in `columns` pixels. For `step_s`, see `TimeBins`."""
        self._bins = TimeBins(start_s, end_s, columns, step_s)

    def add(self, table: pd.DataFrame) -> None:
        """Add a part of a film's table. The parts may be cut anywhere."""
        self._bins.add(table)

    def sheet(self, title: str) -> Image:
        """Return an image, (H, W, 3) uint8 RGB, with a timeline for each model of the faces with the most readings."""
        faces = self._bins.readings_per_face()
        models = self._bins.models()
        shown = most_read(faces, min(MAX_FACES, max(1, MAX_LANES // max(1, len(models)))))
        lanes = [[lane for model in models if (lane := self._bins.lane(face, model))] for face in shown]
        return draw_sheet(title, lanes, ticks(self._bins.start_s, self._bins.end_s), self._bins, len(faces))


def most_read(readings_per_face: dict[int, int], most: int) -> list[int]:
    """Return the `most` faces with the most readings, in the order of their numbers."""
    ranked = sorted(readings_per_face, key=lambda face: (-readings_per_face[face], face))
    return sorted(ranked[:most])


def draw_sheet(title: str, faces: list[list[Lane]], axis: Ticks, bins: TimeBins, face_count: int) -> Image:
    """Draw a title, a legend, the lanes of each face between two time axes, and how many faces are not shown."""
    lanes_height = sum(LANE_HEIGHT * len(lanes) + FACE_GAP for lanes in faces)
    top = MARGIN + 90
    bottom = top + AXIS_HEIGHT + lanes_height
    width = 2 * MARGIN + NAME_WIDTH + bins.bins
    height = bottom + AXIS_HEIGHT + MARGIN + (30 if face_count > len(faces) else 0) if faces else 2 * MARGIN + 80
    sheet = Pillow.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, MARGIN), plain_text(title, width - 2 * MARGIN, 22), DARK, font(22))
    if not faces:
        draw.text((MARGIN, MARGIN + 50), "No face was found.", GRAY, font(17))
        return np.asarray(sheet)
    _draw_legend(draw, MARGIN + 48)
    left = MARGIN + NAME_WIDTH
    _draw_axis(draw, axis, bins, (left, top + AXIS_HEIGHT - 6), bottom)
    y = top + AXIS_HEIGHT + FACE_GAP // 2
    for lanes in faces:
        for index, lane in enumerate(lanes):
            _draw_name(draw, lane, y, is_first=index == 0)
            _draw_lane(sheet, draw, lane, (left, y))
            y += LANE_HEIGHT
        y += FACE_GAP
    _draw_count(draw, len(faces), face_count, (left, bottom + AXIS_HEIGHT + 18))
    return np.asarray(sheet)


def _draw_legend(draw: ImageDraw.ImageDraw, y: int) -> None:
    x = float(MARGIN + NAME_WIDTH)
    for emotion in EMOTIONS:
        draw.rectangle((x, y + 2, x + 15, y + 17), COLORS[emotion])
        draw.text((x + 23, y), emotion, DARK, font(16))
        x += 23 + font(16).getlength(emotion) + 26
    draw.rectangle((x, y + 2, x + 31, y + 17), paler(GRAY, PALE))
    _draw_hatching(draw, (int(x), y + 2, int(x) + 31, y + 17), GRAY)
    draw.text((x + 39, y), "band: predicted expression, hatched if uncertain", DARK, font(16))


def _draw_axis(draw: ImageDraw.ImageDraw, axis: Ticks, bins: TimeBins, left_top: tuple[int, int], bottom: int) -> None:
    """Draw ticks and times above and below the lanes, and pale lines between them."""
    left, top = left_top
    for time_s, text in zip(axis.times_s, axis.texts, strict=True):
        x = left + (time_s - bins.start_s) / bins.bin_s
        draw.line((x, top, x, bottom + 4), GRID)
        draw.text((x, top - 4), text, GRAY, font(14), anchor="ms")
        draw.text((x, bottom + 8), text, GRAY, font(14), anchor="mt")
    for y, anchor in ((top - 4, "rs"), (bottom + 8, "rt")):
        draw.text((left - 34, y), f"time in {axis.unit}", GRAY, font(14), anchor=anchor)


def _draw_name(draw: ImageDraw.ImageDraw, lane: Lane, y: int, is_first: bool) -> None:
    draw.text((MARGIN, y + 26), plain_text(lane.model, NAME_WIDTH - 46, 13), GRAY, font(13))
    if is_first:
        draw.text((MARGIN, y), f"Face {lane.face}", DARK, font(17))
        seen_s = lane.read_s[lane.labels >= 0]
        draw.text((MARGIN, y + 46), f"{clock(seen_s[0])} to {clock(seen_s[-1])}", GRAY, font(13))
    for share, anchor in ((1, "rt"), (0, "rb")):
        text_y = y + round((1 - share) * AREA_HEIGHT)
        draw.text((MARGIN + NAME_WIDTH - 6, text_y), f"{100 * share} %", GRAY, font(11), anchor=anchor)


def _draw_lane(sheet: Pillow.Image, draw: ImageDraw.ImageDraw, lane: Lane, xy: tuple[int, int]) -> None:
    left, top = xy
    present = Pillow.fromarray(np.where(lane.labels >= 0, 255, 0).astype(np.uint8)[np.newaxis])
    mask = present.resize((len(lane.labels), AREA_HEIGHT), Pillow.Resampling.NEAREST)
    sheet.paste(Pillow.fromarray(areas(lane.probabilities, AREA_HEIGHT)), xy, mask)
    band_top = top + AREA_HEIGHT + 2
    for run in lane.runs():
        box = (left + run.start, band_top, left + run.end - 1, band_top + BAND_HEIGHT - 1)
        color = rgb(COLORS[run.label])
        fill = color if run.is_certain else paler(color, PALE)
        draw.rectangle(box, fill)
        if not run.is_certain:
            _draw_hatching(draw, box, paler(color, 0.2))
        text_width = font(13).getlength(run.label)
        if run.end - run.start >= text_width + 10:
            middle = left + (run.start + run.end) / 2
            if not run.is_certain:
                draw.rectangle((middle - text_width / 2 - 3, box[1] + 2, middle + text_width / 2 + 3, box[3] - 2), fill)
            draw.text((middle, band_top + BAND_HEIGHT / 2), run.label, contrast_color(fill), font(13), anchor="mm")


def _draw_hatching(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], color: Color) -> None:
    """Draw pixels of diagonal lines in a box of left, top, right and bottom pixel."""
    left, top, right, bottom = box
    xs, ys = np.meshgrid(np.arange(left, right + 1), np.arange(top, bottom + 1))
    on_line = (xs + ys) % 6 == 0  # counted from the sheet's corner, so that the lines of neighbouring boxes meet
    draw.point(np.stack((xs[on_line], ys[on_line]), axis=1).ravel().tolist(), color)


def _draw_count(draw: ImageDraw.ImageDraw, shown: int, count: int, xy: tuple[int, int]) -> None:
    if count > shown:
        more = count - shown
        text = f"and {more:,} more {'face' if more == 1 else 'faces'}; shown are those with the most readings"
        draw.text(xy, text, DARK, font(16))


def areas(probabilities: NDArray[np.float64], height: int) -> Image:
    """Draw probabilities, (columns, 7), as stacked areas of (height, columns, 3) uint8 RGB, the first at the bottom.

    Columns of NaN are drawn in the last colour; the caller leaves them out.
    """
    edges = np.cumsum(probabilities, axis=1)
    edges /= edges[:, -1:]
    samples = height * OVERSAMPLING
    levels = 1 - (np.arange(samples) + 0.5) / samples
    areas_at = sum((edges[:, emotion] < levels[:, np.newaxis]).astype(np.int64) for emotion in range(len(EMOTIONS) - 1))
    palette = np.array([rgb(COLORS[emotion]) for emotion in EMOTIONS], np.float64)
    colors = palette[areas_at].reshape(height, OVERSAMPLING, -1, 3)
    return np.asarray(colors.mean(axis=1).round(), np.uint8)
