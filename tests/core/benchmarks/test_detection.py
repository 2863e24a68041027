"""Synthetic images with known face boxes, and the detection benchmark that uses them."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from core import paths
from core.__main__ import main
from core.benchmarks import detection
from core.benchmarks.composites import (
    CONDITIONS,
    HARD_CONDITIONS,
    SIZE_WH,
    Composite,
    _hide,
    backgrounds,
    composites,
    portrait,
)
from core.benchmarks.detection import COLUMNS, measure, measure_votes
from core.classifiers.base import labelled_faces
from core.data.store import current_import
from core.vision import detectors
from core.vision.detectors import make_detector
from core.vision.faces import Face
from core.vision.images import Image
from tests.fixtures.fakes import FakeDetector

ALL_CONDITIONS = [*CONDITIONS, *HARD_CONDITIONS]


@pytest.fixture(scope="module")
def portrait_composites():
    """Return four composites of each condition, all with the portrait's face."""
    return composites([portrait()], backgrounds("measure"), 4, seed=3)


def test_each_condition_has_the_requested_number_of_images_and_all_boxes_lie_inside_them(portrait_composites):
    assert [composite.condition for composite in portrait_composites] == [
        name for name in ALL_CONDITIONS for _ in range(4)
    ]
    for composite in portrait_composites:
        assert composite.image.shape == (SIZE_WH[1], SIZE_WH[0], 3)
        for face in composite.faces:
            left, top, right, bottom = face.xyxy
            assert 0 <= left < right <= SIZE_WH[0] and 0 <= top < bottom <= SIZE_WH[1]


def test_images_have_the_property_that_their_condition_is_named_after(portrait_composites):
    def composites_of(name):
        return [composite for composite in portrait_composites if composite.condition == name]

    assert all(2 <= len(composite.faces) <= 4 for composite in composites_of("several"))
    assert all(max(composite.faces[0].size_wh) <= 80 for composite in composites_of("small"))
    assert all(composite.faces[0].size_wh[0] < composite.faces[0].size_wh[1] for composite in composites_of("cut"))
    brightest_dark = max(composite.image.mean() for composite in composites_of("dark"))
    assert brightest_dark < min(composite.image.mean() for composite in composites_of("plain"))
    assert all(len(composite.faces) == 10 for composite in composites_of("crowd"))
    assert all(composite.faces[0].size_wh == (24, 24) for composite in composites_of("tiny"))


def test_standard_images_do_not_change_so_that_earlier_figures_stay_comparable():
    """Boxes of the last standard condition depend on all random numbers drawn for the images before."""
    made = composites([portrait()], backgrounds("measure"), 2, seed=0)
    assert [composite.faces[0].xyxy for composite in made if composite.condition == "cut"] == [
        (0, 90, 94, 204),
        (0, 166, 67, 248),
    ]


def test_rolled_faces_are_rotated_by_20_to_60_degrees_in_either_direction():
    black = np.zeros((480, 640, 3), np.uint8)
    face = np.repeat([[0] * 24 + [250] * 24], 48, axis=0).astype(np.uint8)  # its right half is bright
    degrees = []
    for composite in composites([face], [black], 8, seed=1):
        if composite.condition == "rolled":
            left, top, right, bottom = composite.faces[0].xyxy
            y, x = np.nonzero(composite.image[:, :, 0] > 120)
            degrees.append(np.degrees(np.arctan2((top + bottom) / 2 - y.mean(), x.mean() - (left + right) / 2)))
    assert len(degrees) == 8 and min(degrees) < 0 < max(degrees)
    assert all(17 <= abs(angle) <= 63 for angle in degrees)


@pytest.mark.parametrize("seed", range(6))
def test_a_part_of_a_face_is_hidden_from_one_side(seed):
    canvas = np.full((480, 640), 300, np.float32)  # brighter than any image
    _hide(canvas, backgrounds("tune")[0], Face((100, 200, 200, 300)), 0.3, np.random.default_rng(seed))
    rows, columns = np.nonzero(canvas < 300)
    assert len(rows) == 30 * 100
    assert rows.min() >= 200 and rows.max() < 300 and columns.min() >= 100 and columns.max() < 200
    assert sorted((np.ptp(rows) + 1, np.ptp(columns) + 1)) == [30, 100]


def test_a_face_is_pasted_inside_its_box_and_the_background_stays_visible_around_it():
    flat = np.full((480, 640, 3), 120, np.uint8)
    face = np.full((48, 48), 250, np.uint8)
    (composite, *_) = composites([face], [flat], 1, seed=0)
    left, top, right, bottom = composite.faces[0].xyxy
    margin = (bottom - top) // 4
    assert composite.image[top + margin : bottom - margin, left + margin : right - margin].mean() > 200
    outside = composite.image.astype(float)
    outside[top - 8 : bottom + 8, left - 8 : right + 8] = np.nan
    assert np.nanmean(outside) == pytest.approx(120, rel=0.12)


def test_the_same_seed_gives_the_same_images_and_boxes():
    first, second = (composites([portrait()], backgrounds("tune"), 1, seed=5) for _ in range(2))
    assert all(np.array_equal(a.image, b.image) and a.faces == b.faces for a, b in zip(first, second, strict=True))


class FixedDetector:
    """Detector that returns the given faces for each composite."""

    def __init__(self, images: list[Composite], detections: list[list[Face]]) -> None:
        self.detections = {id(composite.image): faces for composite, faces in zip(images, detections, strict=True)}

    def detect(self, image: Image) -> list[Face]:
        return self.detections[id(image)]


def test_recall_and_false_detections_by_hand(portrait_composites):
    plain = [composite for composite in portrait_composites if composite.condition == "plain"]
    faces = [composite.faces[0] for composite in plain]
    left, top, right, bottom = faces[1].xyxy
    shifted = Face((left + (right - left) // 2, top, right + (right - left) // 2, bottom))  # IoU 1/3
    detections = [[faces[0]], [shifted], [faces[2], faces[2]], []]
    table = measure(FixedDetector(plain, detections), plain)
    assert list(table.columns) == list(COLUMNS)
    assert table["condition"].tolist() == ["plain", "all"]
    row = table.iloc[0]
    assert (row["faces"], row["found"], row["recall"], row["false_detections"]) == (4, 2, 0.5, 2)
    assert row["low"] < 0.5 < row["high"]


def test_all_is_the_sum_of_the_standard_conditions_and_hard_that_of_the_hard_ones(portrait_composites):
    found = [list(composite.faces[:3]) for composite in portrait_composites]
    table = measure(FixedDetector(portrait_composites, found), portrait_composites).set_index("condition")
    assert table.index.tolist() == [*CONDITIONS, "all", *HARD_CONDITIONS, "hard"]
    for conditions, together in ((CONDITIONS, "all"), (HARD_CONDITIONS, "hard")):
        for column in ("images", "faces", "found"):
            assert table[column][together] == table[column][list(conditions)].sum()
    assert table["recall"]["crowd"] == 0.3


def test_cpu_time_is_per_image_and_leaves_out_the_first_call(portrait_composites, monkeypatch):
    class SlowStart:
        def __init__(self) -> None:
            self.now_s, self.next_call_s = 0.0, 5.0

        def detect(self, image: Image) -> list[Face]:
            self.now_s, self.next_call_s = self.now_s + self.next_call_s, 0.02
            return []

    detector = SlowStart()
    monkeypatch.setattr(detection, "time", SimpleNamespace(process_time=lambda: detector.now_s))
    assert measure(detector, portrait_composites)["cpu_ms"].to_numpy() == pytest.approx(20)


def test_the_command_uses_the_portrait_if_no_data_set_is_imported(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "DATA_DIR", tmp_path)
    assert main(["detection", "haar-fast", "--pictures", "1", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["condition"] for row in rows] == [*CONDITIONS, "all", *HARD_CONDITIONS, "hard"]
    assert {row["detector"] for row in rows} == {"haar-fast"}
    assert main(["detection", "haar-fast", "--pictures", "1"]) == 0
    assert "11 synthetic images with the portrait" in capsys.readouterr().out


def test_the_command_compares_cpu_times_if_haar_is_measured(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "DATA_DIR", tmp_path)
    monkeypatch.setattr(detectors, "make_detector", lambda name: FakeDetector())
    assert main(["detection", "haar", "haar-fast", "--pictures", "1"]) == 0
    *_, header, haar, _ = capsys.readouterr().out.splitlines()
    assert header.endswith("CPU / haar") and haar.endswith("1.00")
    assert main(["detection", "haar-fast", "--pictures", "1"]) == 0
    assert "CPU" not in capsys.readouterr().out


def test_the_command_refuses_zero_images_and_zero_votes_and_unknown_detectors(capsys):
    for option in ("--pictures", "--votes"):
        with pytest.raises(SystemExit, match="2"):
            main(["detection", option, "0"])
    assert main(["detection", "nobody"]) == 1
    assert "unknown detector 'nobody'" in capsys.readouterr().err


def test_imported_faces_are_shuffled_in_an_order_that_depends_on_the_seed(imported):
    from core.commands.measure.detection import _faces_of_part

    data = current_import()
    unshuffled = labelled_faces(data.manifest(), data.faces(), "test").faces

    def positions(seed: int) -> list[int]:
        """Return, for each face in shuffled order, its position in `unshuffled`. Portraits are left out."""
        faces = _faces_of_part("measure", seed)
        assert len(faces) == (unshuffled.std(axis=(1, 2)) > 0).sum()  # blank images are left out
        imported_faces = [face for face in faces if face.shape == unshuffled.shape[1:]]
        return [next(i for i, other in enumerate(unshuffled) if np.array_equal(face, other)) for face in imported_faces]

    assert positions(0) == positions(0) != sorted(positions(0))
    assert positions(0) != positions(1)


def test_measure_votes_agrees_with_measure_and_requiring_fewer_votes_never_loses_detections(portrait_composites):
    images = [composite for composite in portrait_composites if composite.condition in ("plain", "small")][::3]
    detector = make_detector("haar-multi-fast")
    by_votes = measure_votes(detector, [6, detector.votes], images)
    measured = measure(detector, images)
    assert by_votes[detector.votes].drop(columns="cpu_ms").equals(measured.drop(columns="cpu_ms"))
    assert by_votes[6]["found"].iloc[-1] >= by_votes[detector.votes]["found"].iloc[-1]
    assert by_votes[6]["false_detections"].iloc[-1] >= by_votes[detector.votes]["false_detections"].iloc[-1]


def test_the_command_measures_each_number_of_votes(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "DATA_DIR", tmp_path)
    # The search without a limit of votes is slow, so it sees three images instead of eleven.
    monkeypatch.setattr("core.benchmarks.composites.composites", lambda *arguments: composites(*arguments)[:3])
    assert main(["detection", "haar-multi-fast", "--pictures", "1", "--votes", "8", "30", "--json"]) == 0
    measured = {row["detector"] for row in json.loads(capsys.readouterr().out)}
    assert measured == {"haar-multi-fast, 8 votes", "haar-multi-fast, 30 votes"}
