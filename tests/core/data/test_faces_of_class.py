"""Variances and differences of the faces of a class, against NumPy's own variance and by hand."""

import numpy as np
import pytest

from core.data import balance, faces_of_class, measures
from core.data.shipped import face_variances, mean_faces, shipped_manifest
from core.data.store import Import

RANDOM = np.random.default_rng(3)
FACES = RANDOM.integers(0, 256, (60, 48, 48)).astype(np.uint8)
CLASS_IDS = RANDOM.integers(0, 6, 60)  # class 6 has no faces


def test_variances_are_those_of_numpy_and_zero_without_faces() -> None:
    variances = faces_of_class.class_variances(FACES, CLASS_IDS)
    assert variances.shape == (7, 48, 48) and variances.dtype == np.float32
    for class_id in range(6):
        expected = FACES[class_id == CLASS_IDS].astype(np.float64).var(axis=0)
        assert variances[class_id] == pytest.approx(expected, rel=1e-6)
    assert not variances[6].any()


def test_sums_of_many_bright_faces_do_not_overflow() -> None:
    faces = np.full((9000, 48, 48), 255, np.uint8)
    faces[::2] = 0
    variances = faces_of_class.class_variances(faces, np.zeros(9000, np.int64))
    assert variances[0] == pytest.approx(np.full((48, 48), 127.5**2))


def test_differences_are_from_the_mean_of_all_faces() -> None:
    counts = np.bincount(CLASS_IDS, minlength=7)
    maps = faces_of_class.differences(measures.class_means(FACES, CLASS_IDS), counts)
    expected = FACES[CLASS_IDS == 2].mean(axis=0) - FACES.mean(axis=0)
    assert maps[2] == pytest.approx(expected, abs=1e-3)
    assert not maps[6].any()
    assert faces_of_class.distances(maps)[2] == pytest.approx(np.sqrt((expected**2).mean()), rel=1e-4)
    assert not faces_of_class.differences(np.ones((7, 48, 48), np.float32), np.zeros(7, np.int64)).any()


def test_pictures_have_one_scale_and_white_where_nothing_differs() -> None:
    maps = np.zeros((2, 48, 48), np.float32)
    maps[0, 0, 0], maps[1, 0, 0] = -10, 5
    pictures = faces_of_class.diverging_pictures(maps)
    assert pictures.shape == (2, 48, 48, 3) and pictures.dtype == np.uint8
    assert pictures[0, 0, 0].tolist() == [0, 0x72, 0xB2]
    halfway = [(255 + value) / 2 for value in (0xD5, 0x5E, 0x00)]
    assert pictures[1, 0, 0].tolist() == pytest.approx(halfway, abs=1)
    assert (pictures[:, 1:] == 255).all()
    assert (faces_of_class.diverging_pictures(maps * 0) == 255).all()
    gray = faces_of_class.gray_pictures(np.abs(maps))
    assert (gray[0, 0, 0], gray[1, 0, 0], gray[1, 1, 1]) == (255, 128, 0)
    assert not faces_of_class.gray_pictures(maps * 0).any()


def test_the_shipped_variances_belong_to_the_shipped_means() -> None:
    variances, means = face_variances(), mean_faces()
    assert variances.shape == (7, 48, 48) and variances.dtype == np.float32
    # within bounds: gray levels of 0 to 255 with this mean vary at most this much
    assert (variances > 0).all() and (variances <= means * (255 - means) + 1e-2).all()
    counts = balance.usage_counts(shipped_manifest())["Training"].to_numpy()
    of_all = np.tensordot(counts / counts.sum(), means.astype(float), 1)
    total = np.tensordot(counts / counts.sum(), variances + (means - of_all) ** 2, 1)
    # The variance of all pixels of all faces: that of the faces' brightness and the mean of their own variances.
    training = shipped_manifest().query("usage == 'Training'")
    expected = (training["contrast"].astype(float) ** 2).mean() + training["brightness"].astype(float).var(ddof=0)
    assert total.mean() + of_all.var() == pytest.approx(expected, rel=1e-4)


def test_the_shipped_variances_are_those_of_the_images(fer2013: Import) -> None:
    manifest = fer2013.manifest()
    rows = np.flatnonzero(((manifest["usage"] == "Training") & (manifest["true_label"] == "disgust")).to_numpy())
    assert face_variances()[1] == pytest.approx(fer2013.faces()[rows].astype(float).var(axis=0), rel=1e-5)
