"""Composites with known boxes, and what a detector is credited with on them."""

import json

import numpy as np
import pytest

from core import paths
from core.__main__ import main
from core.benchmarks.composites import CONDITIONS, SIZE_WH, backgrounds, composites, portrait
from core.benchmarks.detection import COLUMNS, measure, measure_votes
from core.classifiers.base import labelled
from core.data.store import current_import
from core.vision.detectors import make_detector
from core.vision.faces import Face
from core.vision.images import Image


@pytest.fixture(scope="module")
def made():
    return composites([portrait()], backgrounds("measure"), 4, seed=3)


def test_every_condition_has_its_pictures_and_boxes_inside(made):
    assert [picture.condition for picture in made] == [name for name in CONDITIONS for _ in range(4)]
    for picture in made:
        assert picture.image.shape == (SIZE_WH[1], SIZE_WH[0], 3)
        for face in picture.faces:
            left, top, right, bottom = face.xyxy
            assert 0 <= left < right <= SIZE_WH[0] and 0 <= top < bottom <= SIZE_WH[1]


def test_conditions_are_what_their_names_say(made):
    def of(name):
        return [picture for picture in made if picture.condition == name]

    assert all(2 <= len(picture.faces) <= 4 for picture in of("several"))
    assert all(max(picture.faces[0].size_wh) <= 80 for picture in of("small"))
    assert all(picture.faces[0].size_wh[0] < picture.faces[0].size_wh[1] for picture in of("cut"))
    assert max(p.image.mean() for p in of("dark")) < min(p.image.mean() for p in of("plain"))


def test_a_face_lies_where_its_box_says():
    flat = np.full((480, 640, 3), 120, np.uint8)
    face = np.full((48, 48), 250, np.uint8)
    (picture, *_) = composites([face], [flat], 1, seed=0)
    left, top, right, bottom = picture.faces[0].xyxy
    height, width = (bottom - top) // 4, (right - left) // 4
    assert picture.image[top + height : bottom - height, left + width : right - width].mean() > 200
    outside = picture.image.astype(float)
    outside[top - 8 : bottom + 8, left - 8 : right + 8] = np.nan
    assert np.nanmean(outside) == pytest.approx(120, rel=0.12)


def test_the_same_seed_gives_the_same_pictures():
    first, second = (composites([portrait()], backgrounds("tune"), 1, seed=5) for _ in range(2))
    assert all(np.array_equal(a.image, b.image) and a.faces == b.faces for a, b in zip(first, second, strict=True))


class Knows:
    """Answers picture by picture."""

    def __init__(self, answers: list[list[Face]]) -> None:
        self.answers = answers

    def detect(self, image: Image) -> list[Face]:
        return self.answers.pop(0)


def test_recall_and_false_finds_by_hand(made):
    pictures = [picture for picture in made if picture.condition == "plain"]
    true = [picture.faces[0] for picture in pictures]
    left, top, right, bottom = true[1].xyxy
    off = Face((left + (right - left) // 2, top, right + (right - left) // 2, bottom))  # IoU of a third
    answers = [[true[0]], [off], [true[2], true[2]], []]
    table = measure(Knows(answers), pictures)
    assert list(table.columns) == list(COLUMNS)
    assert table["condition"].tolist() == ["plain", "all"]
    row = table.iloc[0]
    assert (row["faces"], row["found"], row["recall"], row["false_finds"]) == (4, 2, 0.5, 2)
    assert row["low"] < 0.5 < row["high"]


def test_the_command_measures_the_portrait_without_an_import(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "DATA_DIR", tmp_path)
    assert main(["detection", "haar-fast", "--pictures", "1", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["condition"] for row in rows] == [*CONDITIONS, "all"]
    assert {row["detector"] for row in rows} == {"haar-fast"}
    assert main(["detection", "haar-fast", "--pictures", "1"]) == 0
    assert "Synthetic: the portrait on 7 pictures" in capsys.readouterr().out
    assert main(["detection", "--pictures", "0"]) == 1
    assert main(["detection", "nobody"]) == 1
    assert "unknown detector 'nobody'" in capsys.readouterr().err


def test_the_faces_of_an_import_are_shuffled(imported):
    from core.commands.measure.detection import _faces

    data = current_import()
    sorted_ones = labelled(data.manifest(), data.faces(), "test").faces

    def places(seed: int) -> list[int]:
        faces = _faces("measure", seed)
        assert len(faces) == (sorted_ones.std(axis=(1, 2)) > 0).sum()
        small = [face for face in faces if face.shape == sorted_ones.shape[1:]]
        return [next(i for i, other in enumerate(sorted_ones) if np.array_equal(face, other)) for face in small]

    assert places(0) == places(0) != sorted(places(0))
    assert places(0) != places(1)


def test_votes_are_counted_on_the_same_windows(made):
    plain = [picture for picture in made if picture.condition in ("plain", "small")][::3]
    detector = make_detector("haar-multi-fast")
    by_votes = measure_votes(detector, [6, detector.votes], plain)
    assert by_votes[detector.votes].equals(measure(detector, plain))
    assert by_votes[6]["found"].iloc[-1] >= by_votes[detector.votes]["found"].iloc[-1]
    assert by_votes[6]["false_finds"].iloc[-1] >= by_votes[detector.votes]["false_finds"].iloc[-1]


def test_the_command_takes_numbers_of_votes(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "DATA_DIR", tmp_path)
    assert main(["detection", "haar-multi-fast", "--pictures", "1", "--votes", "8", "30", "--json"]) == 0
    detectors = {row["detector"] for row in json.loads(capsys.readouterr().out)}
    assert detectors == {"haar-multi-fast, 8 votes", "haar-multi-fast, 30 votes"}
    assert main(["detection", "--votes", "0"]) == 1
