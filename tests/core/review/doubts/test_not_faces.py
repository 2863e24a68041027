"""Images that may show no face: the distance to others, the detectors, and both together."""

import numpy as np
import pytest

from core import paths
from core.data.store import required_import
from core.exceptions import InputError
from core.review.doubts import not_faces as module
from core.review.doubts.not_faces import distances_to_others, enlarged, has_face, not_faces
from core.vision.detectors import Entry
from tests.fixtures.fakes import FakeDetector
from tests.fixtures.networks import write_network


def directions(*degrees: float) -> np.ndarray:
    """Return unit vectors, (n, 2) float16."""
    angles = np.radians(degrees)
    return np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float16)


def test_the_distance_is_that_to_the_fifth_nearest_without_exact_copies(monkeypatch):
    vectors = directions(0, 0, 10, 20, 30, 40, 50, 180)
    groups = np.array([0, 0, 2, 3, 4, 5, 6, 7])
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 3)
    found = distances_to_others(vectors, groups)
    # The first two are copies of each other: their five others are at 10, 20, 30, 40 and 50 degrees.
    np.testing.assert_allclose(found[:2], 1 - np.cos(np.radians(50)), atol=2e-3)
    np.testing.assert_allclose(found[4], 1 - np.cos(np.radians(30)), atol=2e-3)  # 10, 10, 20, 20, 30
    np.testing.assert_allclose(found[7], 1 - np.cos(np.radians(170)), atol=2e-3)  # 130, 140, 150, 160, 170
    assert found.argmax() == 7


def test_with_fewer_others_the_farthest_counts_and_without_any_the_largest_distance():
    np.testing.assert_allclose(
        distances_to_others(directions(0, 60, 90), np.arange(3)), [1, 0.5, 1], atol=2e-3
    )  # fmt: skip
    assert distances_to_others(directions(0, 0), np.zeros(2, int)).tolist() == [2, 2]
    assert distances_to_others(directions(), np.zeros(0, int)).shape == (0,)


def test_one_detector_that_finds_a_face_is_enough():
    faces = np.zeros((2, 48, 48), np.uint8)
    nothing, something = FakeDetector(), FakeDetector((1, 1, 9, 9))
    assert has_face(faces, [nothing, something]).tolist() == [True, True]
    assert has_face(faces, [nothing, nothing]).tolist() == [False, False]
    assert has_face(faces[:0], [something]).shape == (0,)


def test_the_image_is_enlarged_and_its_edges_are_repeated():
    face = np.tile(np.arange(48, dtype=np.uint8) * 5, (48, 1))
    image = enlarged(face)
    assert image.shape == (384, 384, 3) and image.dtype == np.uint8
    assert (image[:, :96] == image[0, 96]).all() and (image[:, 288:] == image[0, 287]).all()
    assert abs(int(image[200, 192, 0]) - 5 * 24) <= 5


def test_only_far_images_without_a_detected_face_are_listed_the_farthest_first(imported, monkeypatch):
    write_network()
    data = required_import()
    monkeypatch.setattr(module, "FARTHEST", 0.1)
    monkeypatch.setattr(module, "DETECTORS", {name: Entry(FakeDetector, 0.1) for name in module.LOOK_WITH})
    monkeypatch.setattr(module, "make_detector", lambda name: FakeDetector())
    stages = set()
    table = not_faces(data, lambda stage, done, total: stages.add(stage)).table
    assert len(table) == round(0.1 * 98) and table.columns.tolist() == ["image_id", "true_label", "distance"]
    assert table["distance"].is_monotonic_decreasing
    assert stages == {"Embed the images", "Compare the images", "Look for faces"}
    labels = dict(zip(data.manifest()["image_id"], data.manifest()["true_label"], strict=True))
    assert [labels[image_id] for image_id in table["image_id"]] == table["true_label"].tolist()
    monkeypatch.setattr(module, "make_detector", lambda name: FakeDetector((1, 1, 9, 9)))
    assert not_faces(data).table.empty


def test_without_a_default_network_a_sentence_says_so(imported, monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path / "none")
    with pytest.raises(InputError, match="restore models/cnn"):
        not_faces(required_import())
