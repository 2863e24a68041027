"""Sheets of a single frame and of a guided round, also with no faces, many faces or no captured frames."""

import numpy as np
import pandas as pd
import pytest

from core.emotions import EMOTIONS
from core.recognition.reading import Reading
from core.video.guided_round import COLUMNS, Step
from core.video.sheets import frame_sheet, round_sheet
from core.vision.faces import Face
from tests.fixtures.fakes import one_hot

READING = Reading(Face((0, 0, 80, 80)), {"cnn": tuple(one_hot("happy")), "trees": (1 / 7,) * 7})


@pytest.mark.parametrize("faces", [0, 1, 2, 5])
def test_frame_sheet_shows_the_frame_and_adds_charts_only_if_there_are_faces(faces):
    image = np.full((480, 640, 3), 77, np.uint8)
    sheet = frame_sheet(image, [READING] * faces)
    assert (sheet[24:504, :640] == 77).all()
    beside = sheet[:, 640:]
    assert (beside.shape[1] > 0) == (faces > 0)
    if faces:
        assert (beside < 100).any()  # dark pixels of text or bars


def test_round_sheet_has_one_confusion_matrix_per_model_and_the_captured_crops():
    steps = [Step(emotion) for emotion in EMOTIONS]
    steps[3].crop = np.full((48, 48), 50, np.uint8)
    table = pd.DataFrame(
        [(4, "happy", 0.1, model, "happy", 1.0, True, None, *one_hot("happy")) for model in ("cnn", "trees")],
        columns=list(COLUMNS),
    )
    sheet = round_sheet(steps, table)
    assert (sheet == 50).all(axis=2).sum() >= 90 * 90  # the enlarged crop
    assert (sheet == (31, 127, 142)).all(axis=2).sum() > 2 * 1000  # each model's matrix has one cell of 100 %


def test_round_sheet_without_captured_frames_is_still_an_image():
    sheet = round_sheet([Step(emotion) for emotion in EMOTIONS], pd.DataFrame(columns=list(COLUMNS)))
    assert sheet.ndim == 3 and sheet.dtype == np.uint8
