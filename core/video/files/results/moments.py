"""The strongest moments of each expression in a film, with pictures of the faces, as a contact sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw

from core.colors import COLORS
from core.emotions import EMOTIONS
from core.recognition.reading import Reading
from core.video.files.results.thumbnails import SIDE, thumbnail
from core.video.lettering import DARK, GRAY, MARGIN, WHITE, font, plain_text
from core.video.times import clock
from core.vision.images import Image

KEPT = 6
"""Number of moments per emotion."""

APART_S = 2.0
"""Two moments of the same face and emotion are at least this many seconds apart."""

NAME_WIDTH, CELL_WIDTH, ROW_HEIGHT, EMPTY_ROW_HEIGHT = 120, SIDE + 20, SIDE + 62, 44
FRAME_WIDTH = 3


@dataclass(frozen=True)
class Moment:
    """A reading in which an expression is among the most probable ones of a film."""

    emotion: str
    time_s: float
    face: int
    probability: float
    """Probability of the emotion, 0..1, which is the predicted label."""
    certain: bool

    @property
    def rank(self) -> tuple[bool, float, float, int]:
        """Larger for stronger moments: certain ones first, then by probability; of equal ones, the earlier."""
        return self.certain, self.probability, -self.time_s, -self.face


@dataclass(frozen=True, eq=False)
class Picture:
    """A moment and the face in it."""

    moment: Moment
    pixels: Image
    """(112, 112, 3) uint8 RGB."""


class Moments:
    """The strongest moments of each emotion, by the labels of one model, collected while a film is read.

    If an emotion has a certain moment, its uncertain ones are dropped.
    """

    def __init__(self, model: str) -> None:
        self.model = model
        self._pictures: dict[str, list[Picture]] = {emotion: [] for emotion in EMOTIONS}
        """Emotion -> its pictures, at most `KEPT`, the strongest first."""

    @classmethod
    def restored(cls, model: str, moments: Sequence[Moment], thumbnails: NDArray[np.uint8]) -> Self:
        """Return the moments as they were when `moments()` and `thumbnails()` were called.

        Raises ValueError if these do not fit together.
        """
        if thumbnails.shape != (len(moments), SIDE, SIDE, 3) or not {moment.emotion for moment in moments} <= {
            *EMOTIONS
        }:
            raise ValueError("the thumbnails do not belong to the moments")
        restored = cls(model)
        for moment, pixels in zip(moments, thumbnails, strict=True):
            restored._pictures[moment.emotion].append(Picture(moment, pixels))
        return restored

    def add(self, image: Image, time_s: float, readings: Sequence[Reading]) -> None:
        """Add the readings of a frame, (H, W, 3) uint8 RGB. The frames must come in the order of time."""
        for reading in readings:
            if self.model in reading.probabilities:
                emotion, probability = reading.label(self.model), float(reading.confidence(self.model))
                certain = bool(reading.is_certain(self.model))
                moment = Moment(emotion, float(time_s), reading.number, probability, certain)
                if self._enters(moment):
                    self._insert(Picture(moment, thumbnail(image, reading.face)))

    def _enters(self, moment: Moment) -> bool:
        kept = [picture.moment for picture in self._pictures[moment.emotion]]
        if any(_is_near(moment, other) and other.rank > moment.rank for other in kept):
            return False
        if any(other.certain for other in kept) and not moment.certain:
            return False
        return len(kept) < KEPT or moment.rank > kept[-1].rank

    def _insert(self, new: Picture) -> None:
        others = [
            picture
            for picture in self._pictures[new.moment.emotion]
            if picture.moment.certain == new.moment.certain and not _is_near(new.moment, picture.moment)
        ]
        ranked = sorted([*others, new], key=lambda picture: picture.moment.rank, reverse=True)
        self._pictures[new.moment.emotion] = ranked[:KEPT]

    def moments(self) -> list[Moment]:
        """Return the moments in the order of the emotions, the strongest of each emotion first."""
        return [picture.moment for picture in self._all()]

    def thumbnails(self) -> NDArray[np.uint8]:
        """Return the faces of `moments()`, (n, 112, 112, 3) uint8 RGB; n may be 0."""
        return np.array([picture.pixels for picture in self._all()], np.uint8).reshape(-1, SIDE, SIDE, 3)

    def _all(self) -> list[Picture]:
        return [picture for emotion in EMOTIONS for picture in self._pictures[emotion]]

    def sheet(self, title: str = "Strongest moments") -> Image:
        """Return a contact sheet, (H, W, 3) uint8 RGB, with one row per emotion."""
        heights = [ROW_HEIGHT if self._pictures[emotion] else EMPTY_ROW_HEIGHT for emotion in EMOTIONS]
        width = 2 * MARGIN + NAME_WIDTH + KEPT * CELL_WIDTH
        sheet = Pillow.new("RGB", (width, MARGIN + 84 + sum(heights) + MARGIN), WHITE)
        draw = ImageDraw.Draw(sheet)
        draw.text((MARGIN, MARGIN), plain_text(title, width - 2 * MARGIN, 22), DARK, font(22))
        subtitle = f"Faces with the highest probability of each expression, predicted by {self.model}"
        draw.text((MARGIN, MARGIN + 36), plain_text(subtitle, width - 2 * MARGIN, 16), GRAY, font(16))
        y = MARGIN + 84
        for emotion, height in zip(EMOTIONS, heights, strict=True):
            draw.rectangle((MARGIN, y + 2, MARGIN + 15, y + 17), COLORS[emotion])
            draw.text((MARGIN + 23, y), emotion, DARK, font(16))
            if not self._pictures[emotion]:
                draw.text((MARGIN + NAME_WIDTH, y), "none", GRAY, font(16))
            for index, picture in enumerate(self._pictures[emotion]):
                _draw_picture(sheet, draw, picture, (MARGIN + NAME_WIDTH + index * CELL_WIDTH, y))
            y += height
        return np.asarray(sheet)


def _is_near(moment: Moment, other: Moment) -> bool:
    """Return whether two moments of one emotion show the same face less than `APART_S` seconds apart."""
    return moment.face == other.face and abs(moment.time_s - other.time_s) < APART_S


def _draw_picture(sheet: Pillow.Image, draw: ImageDraw.ImageDraw, picture: Picture, xy: tuple[int, int]) -> None:
    (x, y), moment = xy, picture.moment
    color = COLORS[moment.emotion] if moment.certain else GRAY
    edge = FRAME_WIDTH - 1
    draw.rectangle((x - edge, y - edge, x + SIDE + edge - 1, y + SIDE + edge - 1), color)
    sheet.paste(Pillow.fromarray(picture.pixels), xy)
    percent = f"{100 * moment.probability:.0f} %"
    lines = (
        f"{clock(moment.time_s)}, face {moment.face}",
        percent if moment.certain else f"{percent}, uncertain",
    )
    for number, line in enumerate(lines):
        draw.text((x, y + SIDE + 5 + 18 * number), line, (DARK, GRAY)[number], font(14))
