"""Boxes in a picture's own measure, and accuracy by the margin about them."""

import json

import numpy as np
import pytest

from core.__main__ import main
from core.benchmarks.framing import ENLARGED, GROUND, MARGINS, accuracy_by_margin, find, framing, on_ground
from core.classifiers.base import LabelledFaces
from core.vision.crops import crop_face
from core.vision.detectors import DETECTORS
from core.vision.faces import Face
from tests.core.classifiers.test_families import striped_faces
from tests.fixtures.synthetic import draw_face

SIDE = 48 * ENLARGED
MIDDLE_HALF = Face((GROUND + SIDE // 4, GROUND + SIDE // 4, GROUND + SIDE * 3 // 4, GROUND + SIDE * 3 // 4))
WHOLE = Face((GROUND, GROUND, GROUND + SIDE, GROUND + SIDE))


class FindsTheSecond:
    """Nothing in the first picture it sees, then the whole of each."""

    def __init__(self) -> None:
        self.seen = 0

    def detect(self, image):
        self.seen += 1
        return [] if self.seen == 1 else [WHOLE]


class CountsBright:
    """Tells the class from the share of bright pixels: another cut is another answer."""

    def predict_proba(self, faces):
        bright = (faces > 200).mean(axis=(1, 2)) > 0.5
        return np.eye(7, dtype=np.float32)[bright.astype(int)]


def test_the_ground_holds_the_picture_in_its_middle():
    face = draw_face(0)
    ground = on_ground(face)
    assert ground.shape == (SIDE + 2 * GROUND, SIDE + 2 * GROUND, 3)
    assert np.abs(crop_face(ground, WHOLE, 0).astype(int) - face).mean() < 3


def test_boxes_are_measured_by_the_picture_not_by_its_ground():
    frames = framing([None, MIDDLE_HALF, MIDDLE_HALF])
    assert frames.n == 3
    assert frames.sides.tolist() == [0.5, 0.5]
    assert frames.centres.tolist() == [[0, 0], [0, 0]]
    assert frames.margin == pytest.approx(0.5)  # half a box on each side


def test_only_the_found_are_measured():
    found = find(striped_faces(1).faces[:3], FindsTheSecond())
    assert found == [None, WHOLE, WHOLE]


def test_accuracy_by_margin_by_hand():
    """A bright middle half in a dark picture: bright for cuts about the half, not for the whole picture."""
    face = np.zeros((48, 48), np.uint8)
    face[12:36, 12:36] = 255
    data = LabelledFaces(np.stack([face] * 2), np.array([1, 1]))
    table = accuracy_by_margin(CountsBright(), data, [MIDDLE_HALF, None])
    by_margin = table.set_index("margin")["accuracy"]
    assert table["n"].eq(1).all() and len(table) == len(MARGINS) + 1
    assert by_margin.loc[0.0] == 1.0
    assert by_margin.loc[0.3] == 0.0  # (1 / 1.6)^2 = 39 % bright
    assert by_margin.iloc[0] == 0.0  # the picture itself


def test_the_command_prints_what_it_measures(imported, capsys, monkeypatch):
    small = ("--set", "epochs=[1]", "--set", "learning_rates=[0.01]", "--set", "blocks=[[4],[8]]", "--set", "hidden=0")
    assert main(["train", "cnn-seed", "--as", "small", *small]) == 0
    monkeypatch.setitem(DETECTORS, "second", FindsTheSecond)
    capsys.readouterr()
    assert main(["framing", "small", "--detector", "second", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["found"] == printed["images"] - 1 > 0
    assert printed["side_quartiles"] == [1, 1, 1] and printed["margin_of_median"] == 0
    assert [row["n"] for row in printed["accuracy"]] == [printed["found"]] * (len(MARGINS) + 1)
    assert main(["framing", "small", "--detector", "second"]) == 0
    assert "the picture itself" in capsys.readouterr().out
    assert main(["framing", "small", "--detector", "nothing"]) == 1
    assert "unknown detector 'nothing'" in capsys.readouterr().err
