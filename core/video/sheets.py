"""Images of webcam results to save or share: a sheet with one frame and its readings, or with a whole guided round."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw

from core.colors import COLORS
from core.emotions import EMOTIONS
from core.evaluation.metrics import recalls
from core.recognition.reading import Reading
from core.video.guided_round import Step, confusion
from core.video.lettering import DARK, GRAY, MARGIN, WHITE, font
from core.vision.images import Image

ROW_HEIGHT = 26
MAX_FACES = 3
"""Maximum number of faces whose probabilities are shown beside the frame."""


def frame_sheet(image: Image, readings: Sequence[Reading]) -> Image:
    """Return an image, (H, W, 3) uint8 RGB, of a frame with a bar chart for each face and model beside it.

    `image` is the frame with its boxes, (H, W, 3) uint8 RGB. The bars are the probabilities of the emotions.
    """
    numbered = [(reading.number or rank, reading) for rank, reading in enumerate(readings[:MAX_FACES], start=1)]
    charts = [(number, reading, model) for number, reading in numbered for model in reading.probabilities]
    chart_height = ROW_HEIGHT * (len(EMOTIONS) + 2)
    columns = -(-len(charts) // 2)  # two charts per column
    height = max(image.shape[0], chart_height * min(2, len(charts)))
    sheet = Pillow.new("RGB", (image.shape[1] + columns * 300, height + 2 * MARGIN), WHITE)
    sheet.paste(Pillow.fromarray(np.ascontiguousarray(image)), (0, MARGIN))
    draw = ImageDraw.Draw(sheet)
    for index, (number, reading, model) in enumerate(charts):
        x = image.shape[1] + MARGIN + 300 * (index // 2)
        y = MARGIN + chart_height * (index % 2)
        draw.text((x, y), f"Face {number}, {model}", DARK, font(17))
        _draw_bars(draw, (x, y + ROW_HEIGHT), reading.probabilities[model])
    return np.asarray(sheet)


def _draw_bars(draw: ImageDraw.ImageDraw, xy: tuple[int, int], probabilities: Sequence[float]) -> None:
    x, y = xy
    for emotion, probability in zip(EMOTIONS, probabilities, strict=True):
        draw.text((x, y), emotion, DARK, font(15))
        draw.rectangle((x + 85, y + 5, x + 85 + round(120 * probability), y + 15), COLORS[emotion])
        draw.text((x + 215, y), f"{100 * probability:.0f} %", GRAY, font(15))
        y += ROW_HEIGHT


def round_sheet(steps: Sequence[Step], table: pd.DataFrame) -> Image:
    """Return an image, (H, W, 3) uint8 RGB, of a guided round: one crop per expression, one confusion matrix per model.

    `steps` and `table` are those of `GuidedRound`.
    """
    models = list(dict.fromkeys(table["model"]))
    cell_side, crop_side = 56, 96
    width = max(len(steps) * (crop_side + 16), len(models) * (cell_side * 7 + 130)) + 2 * MARGIN
    height = 2 * MARGIN + 40 + crop_side + 40 + (cell_side * 7 + 110 if models else 0)
    sheet = Pillow.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, MARGIN), "Requested and predicted expressions", DARK, font(20))
    y = MARGIN + 40
    for index, step in enumerate(steps):
        x = MARGIN + index * (crop_side + 16)
        if step.crop is None:
            draw.rectangle((x, y, x + crop_side, y + crop_side), outline=GRAY)
            middle = x + crop_side / 2, y + crop_side / 2
            draw.text(middle, "skipped, or\nno face found", GRAY, font(14), anchor="mm", align="center")
        else:
            sheet.paste(Pillow.fromarray(step.crop).resize((crop_side, crop_side), Pillow.Resampling.NEAREST), (x, y))
        draw.text((x + crop_side / 2, y + crop_side + 14), step.asked, DARK, font(15), anchor="mm")
    y += crop_side + 50
    for index, model in enumerate(models):
        _draw_matrix(draw, (MARGIN + index * (cell_side * 7 + 130), y), model, confusion(table, model), cell_side)
    return np.asarray(sheet)


def _draw_matrix(
    draw: ImageDraw.ImageDraw, xy: tuple[int, int], model: str, counts: pd.DataFrame, cell_side: int
) -> None:
    x, y = xy
    mean_recall = float(recalls(counts).mean())
    draw.text((x, y), f"{model}: mean recall {_percent(mean_recall)}", DARK, font(17))
    left, top = x + 85, y + 34
    cells: NDArray[np.int64] = counts.to_numpy()
    for row, emotion in enumerate(EMOTIONS):
        middle = (row + 0.5) * cell_side  # center of the emotion's row from the top, and of its column from the left
        draw.text((left - 8, top + middle), emotion, DARK, font(14), anchor="rm")
        draw.text((left + middle, top + 7 * cell_side + 12), emotion, DARK, font(13), anchor="mm")
        for column in range(len(EMOTIONS)):
            count = cells[row, column]
            share = count / max(1, cells[row].sum())
            x, y = left + column * cell_side, top + row * cell_side
            draw.rectangle((x, y, x + cell_side - 3, y + cell_side - 3), _shade(float(share)))
            if count:
                color = WHITE if share > 0.6 else DARK
                draw.text((x + cell_side / 2, y + cell_side / 2), str(count), color, font(15), anchor="mm")


def _percent(share: float) -> str:
    return "-" if np.isnan(share) else f"{100 * share:.0f} %"


def _shade(share: float) -> tuple[int, int, int]:
    """Return the RGB color of a cell with this share of its row's frames, from near white for 0 to teal for 1."""
    pale, full = np.array((240, 243, 244)), np.array((31, 127, 142))
    red, green, blue = (pale + (full - pale) * share).astype(int).tolist()
    return red, green, blue
