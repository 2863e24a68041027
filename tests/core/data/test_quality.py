"""Measures of faces (brightness, sharpness, hashes, copies), and the rows with each quality issue."""

import cv2
import numpy as np
import pandas as pd
import pytest

from core.data import measures
from core.data.issues import blank, conflicts, copies, leaks
from tests.fixtures import synthetic

FLAT = np.full((48, 48), 100, np.uint8)
HALF = np.repeat([0, 200], 24).astype(np.uint8) * np.ones((48, 1), np.uint8)  # left half 0, right half 200


def test_brightness_is_the_mean_and_contrast_the_standard_deviation() -> None:
    faces = np.stack([FLAT, HALF])
    assert measures.brightness(faces).tolist() == [100, 100]
    assert measures.contrast(faces).tolist() == [0, 100]
    random = np.stack([synthetic.draw_face(seed) for seed in range(3)])
    np.testing.assert_allclose(measures.contrast(random), random.std(axis=(1, 2)), rtol=1e-6)


def test_sharpness_is_the_variance_of_the_laplacian() -> None:
    face = synthetic.draw_face(0)
    blurred = cv2.GaussianBlur(face, (5, 5), 0)
    sharp, soft, flat = measures.sharpness(np.stack([face, blurred, FLAT]))
    assert sharp == pytest.approx(cv2.Laplacian(face, cv2.CV_64F).var(), rel=1e-6)
    assert sharp > soft > flat == 0


def test_perceptual_hash_changes_little_with_jpeg_and_brightness_but_differs_between_faces() -> None:
    faces = [synthetic.draw_face(seed) for seed in range(20)]
    compressed = [
        cv2.imdecode(np.frombuffer(synthetic.jpeg(face, 90), np.uint8), cv2.IMREAD_UNCHANGED) for face in faces
    ]
    brighter = [cv2.add(face, 10) for face in faces]
    hashes, jpeg_hashes, bright_hashes = (
        measures.perceptual_hash(np.stack(version)) for version in (faces, compressed, brighter)
    )
    assert hashes.dtype == np.uint64
    assert np.bitwise_count(hashes ^ jpeg_hashes).max() <= 4
    assert np.bitwise_count(hashes ^ bright_hashes).max() <= 8
    assert np.bitwise_count(hashes[:-1] ^ hashes[1:]).min() > 8


def test_perceptual_hash_of_blank_faces_is_not_affected_by_floating_point_noise() -> None:
    levels = np.arange(1, 255, dtype=np.uint8)
    hashes = measures.perceptual_hash(np.tile(levels[:, None, None], (1, 48, 48)))
    assert np.unique(hashes).tolist() == [1 << 63]  # only the mean's coefficient is above the median; the others are 0


def test_perceptual_hash_does_not_depend_on_the_batch_size(monkeypatch: pytest.MonkeyPatch) -> None:
    faces = np.stack([synthetic.draw_face(seed) for seed in range(5)])
    in_one_batch = measures.perceptual_hash(faces)
    monkeypatch.setattr(measures, "HASH_BATCH", 2)
    assert measures.perceptual_hash(faces).tolist() == in_one_batch.tolist()


def test_duplicate_group_is_the_row_of_the_first_identical_face() -> None:
    almost_half = HALF.copy()
    almost_half[0, 0] = 1
    assert measures.duplicate_groups(np.stack([FLAT, HALF, FLAT, almost_half, HALF])).tolist() == [0, 1, 0, 3, 1]


def test_class_means_are_the_mean_face_of_each_class_and_zeros_if_a_class_has_no_faces() -> None:
    means = measures.class_means(np.stack([FLAT, HALF, FLAT]), np.array([0, 0, 6]))
    assert means.shape == (7, 48, 48)
    assert means[0, 0, [0, -1]].tolist() == [50, 150]
    assert means[6].tolist() == FLAT.tolist()
    assert not means[1:6].any()


@pytest.mark.parametrize(
    "measure",
    [measures.brightness, measures.contrast, measures.sharpness, measures.perceptual_hash, measures.is_blank],
)
def test_measures_of_no_faces_are_empty(measure) -> None:
    assert measure(np.zeros((0, 48, 48), np.uint8)).shape == (0,)
    assert measures.duplicate_groups(np.zeros((0, 48, 48), np.uint8)).shape == (0,)


def test_each_issue_returns_the_rows_that_have_it() -> None:
    manifest = pd.DataFrame(
        {
            "image_id": ["a", "b", "c", "d", "e"],
            "true_label": ["sad", "happy", "sad", "fear", "happy"],
            "duplicate_group": [0, 1, 0, 3, 0],
            "leaked": [True, False, False, False, False],
            "blank": [False, False, False, True, False],
        }
    )
    assert copies.duplicates(manifest)["image_id"].tolist() == ["a", "c", "e"]
    assert conflicts.label_conflicts(manifest)["image_id"].tolist() == ["a", "c", "e"]
    assert conflicts.label_conflicts(manifest.head(3)).empty
    assert leaks.leaks(manifest)["image_id"].tolist() == ["a"]
    assert blank.blanks(manifest)["image_id"].tolist() == ["d"]


def test_only_a_face_of_a_single_gray_level_is_blank() -> None:
    assert measures.is_blank(np.stack([FLAT, HALF])).tolist() == [True, False]


def test_the_other_labels_of_exact_copies_are_found_by_image() -> None:
    manifest = pd.DataFrame(
        {
            "image_id": list("abcdef"),
            "duplicate_group": [1, 1, 1, 2, 3, 3],
            "true_label": ["fear", "sad", "angry", "sad", "sad", "sad"],
        }
    )
    found = conflicts.labels_of_copies(manifest.iloc[[0, 3, 4]], manifest)
    assert found == {"a": ["angry", "sad"]}
