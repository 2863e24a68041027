"""The session log: its table and the probabilities of the last seconds."""

import numpy as np
import pytest

from core.emotions import EMOTIONS
from core.recognition.reading import Reading
from core.video.session_log import COLUMNS, SessionLog
from core.vision.faces import Face
from tests.fixtures.fakes import one_hot

FACE = Face((10, 20, 110, 120))
HAPPY = Reading(FACE, {"cnn": tuple(one_hot("happy")), "trees": tuple(one_hot("sad"))}, number=3)
UNSURE = Reading(FACE, {"cnn": (0.4, 0.6, 0, 0, 0, 0, 0)}, {"cnn": 0.7}, number=4)


def test_the_table_has_one_row_per_frame_and_face_and_model():
    log = SessionLog()
    log.add([HAPPY], now_s=100.0)
    log.add([], now_s=100.1)
    log.add([HAPPY, UNSURE], now_s=100.25)
    table = log.table()
    assert tuple(table.columns) == COLUMNS
    assert table["time_s"].tolist() == pytest.approx([0, 0, 0.25, 0.25, 0.25])
    assert table["face"].tolist() == [3, 3, 3, 3, 4]
    assert table.loc[0, ["left", "top", "right", "bottom"]].tolist() == [10, 20, 110, 120]
    assert table["predicted_label"].tolist() == ["happy", "sad", "happy", "sad", "disgust"]
    assert table["certain"].tolist() == [True, True, True, True, False]
    assert table["confidence"].tolist() == [1, 1, 1, 1, 0.6]
    assert table.filter(like="p_").sum(axis=1).tolist() == pytest.approx([1] * 5)


def test_an_empty_log_has_no_entries_and_its_table_has_columns_but_no_rows():
    assert tuple(SessionLog().table().columns) == COLUMNS and SessionLog().table().empty
    assert SessionLog().entries(30) == []


def test_only_the_newest_frames_are_kept():
    log = SessionLog(frames_kept=3)
    for frame in range(10):
        log.add([HAPPY], now_s=float(frame))
    assert [entry.time_s for entry in log.entries()] == [7, 8, 9]
    assert [entry.time_s for entry in log.entries(last_s=1)] == [8, 9]


def test_recent_probabilities_are_nan_for_frames_without_a_face_or_without_the_model():
    log = SessionLog()
    for time_s, readings in ((0, [HAPPY]), (10, []), (20, [HAPPY, UNSURE]), (45, [UNSURE])):
        log.add(readings, now_s=float(time_s))
    recent = log.recent_probabilities("trees", last_s=30)
    assert recent.columns.tolist() == ["time_s", *EMOTIONS]
    assert recent["time_s"].tolist() == [20, 45]
    assert recent["sad"].iloc[0] == 1
    assert np.isnan(recent["sad"].iloc[1])  # the reading at 45 s does not have this model
    assert log.recent_probabilities("cnn", last_s=60)["happy"].isna().tolist() == [False, True, False, False]
