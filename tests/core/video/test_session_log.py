"""The session log: its table and the probabilities of the last seconds."""

from dataclasses import replace

import numpy as np
import pytest

from core.emotions import EMOTIONS
from core.recognition.quality import Quality
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


def test_the_columns_are_those_of_the_face_and_the_model():
    assert (
        *("time_s", "face", "left", "top", "right", "bottom", "angle"),
        *("detection_confidence", "side", "brightness", "sharpness"),
        *("model", "predicted_label", "confidence", "certain", "reason"),
        *(f"p_{emotion}" for emotion in EMOTIONS),
    ) == COLUMNS


def test_the_table_has_the_angle_and_the_quality_of_each_face_and_the_reason_for_uncertain_labels():
    seen = Face((10, 20, 110, 120), 0.875, ((30, 60), (80, 60)), -12.34)
    probabilities = {"cnn": tuple(one_hot("happy")), "trees": (0.4, 0.6, 0, 0, 0, 0, 0)}
    good = Reading(seen, probabilities, {"trees": 0.7}, number=1, quality=Quality(108, 101.23, 0.45678))
    dark = Reading(FACE, probabilities, number=2, quality=Quality(100, 9.0, 0.5))
    log = SessionLog()
    log.add([good, dark, UNSURE], now_s=0.0)
    table = log.table()
    assert table["angle"].tolist()[:2] == [-12.3] * 2 and table["angle"].isna().tolist()[2:] == [True] * 3
    assert table["detection_confidence"].tolist()[:2] == [0.875] * 2
    assert table["side"].tolist()[:4] == [108, 108, 100, 100]
    assert table["brightness"].tolist()[:4] == [101.2, 101.2, 9, 9]
    assert table["sharpness"].tolist()[:4] == [0.457, 0.457, 0.5, 0.5]
    assert table[["side", "brightness", "sharpness"]].isna().to_numpy()[4].all()
    assert table["certain"].tolist() == [True, False, False, False, False]
    reasons = [None, "low confidence", "too dark", "too dark", "low confidence"]
    assert [reason if isinstance(reason, str) else None for reason in table["reason"]] == reasons


def test_an_empty_log_has_no_entries_and_its_table_has_columns_but_no_rows():
    assert tuple(SessionLog().table().columns) == COLUMNS and SessionLog().table().empty
    assert SessionLog().entries(30) == []


def test_only_the_newest_frames_are_kept():
    log = SessionLog(frames_kept=3)
    for frame in range(10):
        log.add([HAPPY], now_s=float(frame))
    assert [entry.time_s for entry in log.entries()] == [7, 8, 9]
    assert [entry.time_s for entry in log.entries(last_s=1)] == [8, 9]


def test_recent_probabilities_are_nan_for_frames_without_the_face_or_without_the_model():
    log = SessionLog()
    for time_s, readings in ((0, [HAPPY]), (10, []), (20, [UNSURE, HAPPY]), (45, [UNSURE])):
        log.add(readings, now_s=float(time_s))
    recent = log.recent_probabilities("trees", last_s=30, face=3)
    assert recent.columns.tolist() == ["time_s", *EMOTIONS]
    assert recent["time_s"].tolist() == [20, 45]
    assert recent["sad"].iloc[0] == 1
    assert np.isnan(recent["sad"].iloc[1])  # the face has gone
    assert log.recent_probabilities("trees", last_s=30, face=4)["sad"].isna().all()  # it was read without this model
    assert log.recent_probabilities("cnn", last_s=60, face=3)["happy"].isna().tolist() == [False, True, False, True]
    assert log.recent_probabilities("cnn", last_s=60, face=4)["disgust"].tolist()[2:] == [0.6, 0.6]


def test_recent_faces_are_the_four_seen_most_often_in_the_order_of_their_numbers():
    log = SessionLog()
    assert log.recent_faces(last_s=30) == []
    log.add([replace(HAPPY, number=9)], now_s=0.0)  # long ago
    for frame in range(6):
        log.add([replace(HAPPY, number=number) for number in range(6, 0, -1) if frame < 7 - number], now_s=60.0 + frame)
    assert log.recent_faces(last_s=30) == [1, 2, 3, 4]
    assert log.recent_faces(last_s=0) == [1]
