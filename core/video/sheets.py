"""Images of webcam results to save or share: one frame with its readings, or a whole guided round."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from core.colors import COLORS
from core.emotions import EMOTIONS
from core.evaluation.metrics import recalls
from core.recognition.reading import Reading
from core.video.guided_round import Step, confusion
from core.vision.images import Image

INK, PALE, PAPER = (28, 33, 38), (120, 128, 136), (255, 255, 255)
MARGIN = 24
ROW = 26
FACES_SHOWN = 3
"""Maximum number of faces with bars. More do not fit beside the frame."""


def frame_sheet(image: Image, readings: Sequence[Reading]) -> Image:
    """Return a frame, (H, W, 3) uint8 RGB with its boxes drawn, with each model's probabilities as bars beside it."""
    shown = enumerate(readings[:FACES_SHOWN], start=1)
    blocks = [(reading.number or place, reading, model) for place, reading in shown for model in reading.probabilities]
    block_height = ROW * (len(EMOTIONS) + 2)
    columns = -(-len(blocks) // 2) if blocks else 0
    height = max(image.shape[0], block_height * min(2, len(blocks)))
    sheet = Pillow.new("RGB", (image.shape[1] + columns * 300, height + 2 * MARGIN), PAPER)
    sheet.paste(Pillow.fromarray(np.ascontiguousarray(image)), (0, MARGIN))
    draw = ImageDraw.Draw(sheet)
    for place, (number, reading, model) in enumerate(blocks):
        x = image.shape[1] + MARGIN + 300 * (place // 2)
        y = MARGIN + block_height * (place % 2)
        draw.text((x, y), f"Face {number}, {model}", INK, _font(17))
        _bars(draw, (x, y + ROW), reading.probabilities[model])
    return np.asarray(sheet)


def _bars(draw: ImageDraw.ImageDraw, xy: tuple[int, int], probabilities: Sequence[float]) -> None:
    x, y = xy
    for emotion, probability in zip(EMOTIONS, probabilities, strict=True):
        draw.text((x, y), emotion, INK, _font(15))
        draw.rectangle((x + 85, y + 5, x + 85 + round(120 * probability), y + 15), COLORS[emotion])
        draw.text((x + 215, y), f"{100 * probability:.0f} %", PALE, _font(15))
        y += ROW


def round_sheet(steps: Sequence[Step], table: pd.DataFrame) -> Image:
    """Return a guided round as (H, W, 3) uint8 RGB: one crop per expression and one confusion matrix per model."""
    models = list(dict.fromkeys(table["model"]))
    cell, side = 56, 96
    width = max(len(steps) * (side + 16), len(models) * (cell * 7 + 130)) + 2 * MARGIN
    height = 2 * MARGIN + 40 + side + 40 + (cell * 7 + 110 if models else 0)
    sheet = Pillow.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, MARGIN), "Requested and predicted expressions", INK, _font(20))
    y = MARGIN + 40
    for number, step in enumerate(steps):
        x = MARGIN + number * (side + 16)
        if step.crop is None:
            draw.rectangle((x, y, x + side, y + side), outline=PALE)
            draw.text(
                (x + side / 2, y + side / 2), "skipped, or\nno face found", PALE, _font(14), anchor="mm", align="center"
            )
        else:
            sheet.paste(Pillow.fromarray(step.crop).resize((side, side), Pillow.Resampling.NEAREST), (x, y))
        draw.text((x + side / 2, y + side + 14), step.asked, INK, _font(15), anchor="mm")
    y += side + 50
    for number, model in enumerate(models):
        _matrix(draw, (MARGIN + number * (cell * 7 + 130), y), model, confusion(table, model), cell)
    return np.asarray(sheet)


def _matrix(draw: ImageDraw.ImageDraw, xy: tuple[int, int], model: str, counts: pd.DataFrame, cell: int) -> None:
    x, y = xy
    shares = recalls(counts)
    draw.text((x, y), f"{model}: mean recall {_percent(float(shares.mean()))}", INK, _font(17))
    left, top = x + 85, y + 34
    rows: NDArray[np.int64] = counts.to_numpy()
    for i, asked in enumerate(EMOTIONS):
        draw.text((left - 8, top + (i + 0.5) * cell), asked, INK, _font(14), anchor="rm")
        draw.text((left + (i + 0.5) * cell, top + 7 * cell + 12), asked, INK, _font(13), anchor="mm")
        for j in range(len(EMOTIONS)):
            share = rows[i, j] / max(1, rows[i].sum())
            place = (left + j * cell, top + i * cell)
            draw.rectangle((*place, place[0] + cell - 3, place[1] + cell - 3), _shade(float(share)))
            if rows[i, j]:
                ink = PAPER if share > 0.6 else INK
                draw.text((place[0] + cell / 2, place[1] + cell / 2), str(rows[i, j]), ink, _font(15), anchor="mm")


def _percent(share: float) -> str:
    return "-" if np.isnan(share) else f"{100 * share:.0f} %"


def _shade(share: float) -> tuple[int, int, int]:
    """Return the RGB color of a share, from near white for 0 to teal for 1."""
    pale, full = np.array((240, 243, 244)), np.array((31, 127, 142))
    red, green, blue = (pale + (full - pale) * share).astype(int).tolist()
    return red, green, blue


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
