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
    accuracy_on_common_faces,
    detect_largest_faces,
    measure_framing,
    with_border,
)
from core.benchmarks.turned_heads import ANGLES
from core.classifiers.base import LabelledFaces
from core.vision.crops import crop_face
from core.vision.detectors import DETECTORS, Entry
from core.vision.faces import Face
from tests.core.classifiers.test_families import striped_faces
from tests.fixtures.fakes import FakeDetector
from tests.fixtures.models import pretend_trained_on_val
from tests.fixtures.synthetic import draw_face

SIDE = 48 * SCALE
HALF = Face((BORDER + SIDE // 4, BORDER + SIDE // 4, BORDER + SIDE * 3 // 4, BORDER + SIDE * 3 // 4))
"""Box in the middle of the image, with half the image's side."""
WHOLE = Face((BORDER, BORDER, BORDER + SIDE, BORDER + SIDE))
"""Box of the image without its border."""


class MissesTheFirst:
    """Detector that finds no face in its first image and returns `WHOLE` for all later images."""

    margin = 0.0

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
    table = accuracy_by_margin(BrightnessClassifier(), bright_square(2), [HALF, None])
    by_margin = table.set_index("margin")["accuracy"]
    assert table["n"].eq(1).all() and len(table) == len(MARGINS) + 1
    assert by_margin.loc[0.0] == 1.0
    assert by_margin.loc[0.3] == 0.0  # (1 / 1.6)^2 = 39 % of the pixels are bright
    assert by_margin.iloc[0] == 0.0  # the first row is the image as it is


def bright_square(count: int) -> LabelledFaces:
    """Return dark faces with a bright square in the middle, of half their side; their labels are 1."""
    face = np.zeros((48, 48), np.uint8)
    face[12:36, 12:36] = 255
    return LabelledFaces(np.stack([face] * count), np.ones(count, np.int64))


def test_accuracy_on_common_faces_uses_the_margin_and_the_boxes_of_each_detector():
    data = bright_square(3)
    found = {
        "tight": (0.0, [HALF, None, HALF]),
        "wide": (0.3, [HALF, HALF, HALF]),  # 39 % of the pixels are bright, so class 0 is predicted
        "whole": (-0.25, [WHOLE, WHOLE, WHOLE]),  # a negative margin leaves the bright square
    }
    count, accuracies = accuracy_on_common_faces(BrightnessClassifier(), data, found)
    assert count == 2
    assert accuracies == {"tight": 1.0, "wide": 0.0, "whole": 1.0}


def test_without_a_common_face_the_accuracies_are_zero():
    found = {"first": (0.0, [HALF, None]), "second": (0.0, [None, HALF])}
    count, accuracies = accuracy_on_common_faces(BrightnessClassifier(), bright_square(2), found)
    assert (count, accuracies) == (0, {"first": 0.0, "second": 0.0})


class WideDetector(MissesTheFirst):
    """Find a box of half the image's side in every image; the margin extends it to the whole image."""

    margin = 0.5

    def detect(self, image):
        return [HALF]


@pytest.fixture
def small_model(imported, monkeypatch):
    """A home with a tiny model `small`, and the detectors `misses-first` and `wide`."""
    small = ("--set", "epochs=[1]", "--set", "learning_rates=[0.01]", "--set", "blocks=[[4],[8]]", "--set", "hidden=0")
    assert main(["train", "cnn-seed", "--as", "small", *small]) == 0
    monkeypatch.setitem(DETECTORS, "misses-first", Entry(MissesTheFirst, 0.1))
    monkeypatch.setitem(DETECTORS, "wide", Entry(WideDetector, 0.1))
    monkeypatch.setitem(DETECTORS, "blind", Entry(FakeDetector, 0.1))


def test_the_command_prints_framing_and_accuracy_and_refuses_an_unknown_detector(small_model, capsys):
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
    assert main(["framing", "small", "--detector", "blind"]) == 1
    assert "blind finds no face in the" in capsys.readouterr().err


def test_the_command_compares_several_detectors_on_the_faces_that_all_find(small_model, capsys):
    arguments = ["framing", "small", "--detector", "misses-first", "--detector", "wide"]
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    first, wide = printed["detectors"]
    assert (first["detector"], wide["detector"], printed["model"]) == ("misses-first", "wide", "small")
    assert (wide["found"], first["found"], printed["found_by_all"]) == (first["images"],) + (first["images"] - 1,) * 2
    assert wide["side_quartiles"] == [0.5] * 3 and wide["margin_of_median"] == 0.5
    # With its margin, `wide` crops the whole image too.
    assert printed["accuracy"]["wide"] == printed["accuracy"]["misses-first"]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert f"on the {printed['found_by_all']} faces that all detectors find, each with its own margin" in out
    assert "(margin +50.0%)" in out


def test_the_command_turns_the_images_if_asked(small_model, capsys):
    capsys.readouterr()
    assert main(["framing", "small", "--detector", "misses-first", "--detector", "wide", "--turned", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["model"] == "small" and list(printed["turned"]) == ["misses-first", "wide"]
    for rows in printed["turned"].values():
        assert [row["angle"] for row in rows] == list(ANGLES)
        assert all(row["right_upright"] == row["right_turned"] <= row["found"] for row in rows)  # there are no eyes
    first, wide = (rows[0] for rows in printed["turned"].values())
    assert (first["found"], wide["found"]) == (first["images"] - 1, wide["images"])
    assert main(["framing", "small", "--detector", "blind", "--turned"]) == 0
    out = capsys.readouterr().out
    assert "blind:" in out and " 60 degrees" in out and "0.0%" in out


def test_the_default_detector_is_used_if_none_is_named(small_model, capsys, monkeypatch):
    monkeypatch.setattr("core.vision.detectors.defaults.default_detector", lambda: "wide")
    capsys.readouterr()
    assert main(["framing", "small", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["detector"] == "wide"


def test_a_model_trained_on_val_is_refused(small_model, capsys):
    pretend_trained_on_val("small")
    for option in ([], ["--turned"]):
        assert main(["framing", "small", "--detector", "wide", *option]) == 1
        assert "small was trained on val, on which margins are compared; name another" in capsys.readouterr().err
