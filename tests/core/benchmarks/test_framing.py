"""Size and position of detected boxes relative to the image, and accuracy by crop margin."""

import json

import numpy as np
import pytest

from core.__main__ import main
from core.benchmarks.framing import (
    BORDER,
    MARGINS,
    SCALE,
    accuracy_by_margin,
    detect_largest_faces,
    measure_framing,
    with_border,
)
from core.classifiers.base import LabelledFaces
from core.vision.crops import crop_face
from core.vision.detectors import DETECTORS
from core.vision.faces import Face
from tests.core.classifiers.test_families import striped_faces
from tests.fixtures.synthetic import draw_face

SIDE = 48 * SCALE
HALF = Face((BORDER + SIDE // 4, BORDER + SIDE // 4, BORDER + SIDE * 3 // 4, BORDER + SIDE * 3 // 4))
"""Box in the middle of the image, with half the image's side."""
WHOLE = Face((BORDER, BORDER, BORDER + SIDE, BORDER + SIDE))
"""Box of the image without its border."""


class MissesTheFirst:
    """Detector that finds no face in its first image and returns `WHOLE` for all later images."""

    def __init__(self) -> None:
        self.calls = 0

    def detect(self, image):
        self.calls += 1
        return [] if self.calls == 1 else [WHOLE]


class BrightnessClassifier:
    """Predict class 1 if more than half of the pixels are bright, otherwise class 0."""

    def predict_proba(self, faces):
        bright = (faces > 200).mean(axis=(1, 2)) > 0.5
        return np.eye(7, dtype=np.float32)[bright.astype(int)]


def test_with_border_has_the_image_in_its_middle():
    face = draw_face(0)
    bordered = with_border(face)
    assert bordered.shape == (SIDE + 2 * BORDER, SIDE + 2 * BORDER, 3)
    assert np.abs(crop_face(bordered, WHOLE, 0).astype(int) - face).mean() < 3


def test_framing_is_relative_to_the_image_without_its_border():
    framing = measure_framing([None, HALF, HALF])
    assert framing.n == 3
    assert framing.sides.tolist() == [0.5, 0.5]
    assert framing.centres.tolist() == [[0, 0], [0, 0]]
    assert framing.margin == pytest.approx(0.5)  # half the box's side


def test_detect_largest_faces_gives_none_for_an_image_without_a_detected_face():
    found = detect_largest_faces(striped_faces(1).faces[:3], MissesTheFirst())
    assert found == [None, WHOLE, WHOLE]


def test_accuracy_by_margin_by_hand():
    """Only the area of `HALF` is bright, so a crop without a margin is bright and the whole image is mostly dark."""
    face = np.zeros((48, 48), np.uint8)
    face[12:36, 12:36] = 255
    data = LabelledFaces(np.stack([face] * 2), np.array([1, 1]))
    table = accuracy_by_margin(BrightnessClassifier(), data, [HALF, None])
    by_margin = table.set_index("margin")["accuracy"]
    assert table["n"].eq(1).all() and len(table) == len(MARGINS) + 1
    assert by_margin.loc[0.0] == 1.0
    assert by_margin.loc[0.3] == 0.0  # (1 / 1.6)^2 = 39 % of the pixels are bright
    assert by_margin.iloc[0] == 0.0  # the first row is the image as it is


def test_the_command_prints_framing_and_accuracy_and_refuses_an_unknown_detector(imported, capsys, monkeypatch):
    small = ("--set", "epochs=[1]", "--set", "learning_rates=[0.01]", "--set", "blocks=[[4],[8]]", "--set", "hidden=0")
    assert main(["train", "cnn-seed", "--as", "small", *small]) == 0
    monkeypatch.setitem(DETECTORS, "misses-first", MissesTheFirst)
    capsys.readouterr()
    assert main(["framing", "small", "--detector", "misses-first", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["found"] == printed["images"] - 1 > 0
    assert printed["side_quartiles"] == [1, 1, 1] and printed["margin_of_median"] == 0
    assert [row["n"] for row in printed["accuracy"]] == [printed["found"]] * (len(MARGINS) + 1)
    assert main(["framing", "small", "--detector", "misses-first"]) == 0
    assert "whole image" in capsys.readouterr().out
    assert main(["framing", "small", "--detector", "nothing"]) == 1
    assert "unknown detector 'nothing'" in capsys.readouterr().err
