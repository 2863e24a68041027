"""Occlusion finds the pixels that a classifier looks at."""

import numpy as np
import pytest

from core.emotions import EMOTIONS
from core.evaluation.attribution import occlusion as module
from core.evaluation.attribution.fills import FILLS, filled
from core.evaluation.attribution.occlusion import SIDE, STRIDE, occlusion, squares
from tests.core.evaluation.attribution.classifiers import (
    COLUMNS,
    ROWS,
    face_with_square,
    looks_at_square,
    share_in_square,
)


@pytest.mark.parametrize("fill", FILLS)
def test_the_map_points_to_the_square_that_the_classifier_looks_at(fill, monkeypatch):
    monkeypatch.setattr(module, "FILL", fill)
    happy, sad = occlusion(looks_at_square(), face_with_square(), ("happy", "sad"))
    assert happy.shape == (48, 48)
    assert happy.dtype == np.float32
    assert happy[ROWS, COLUMNS].min() > 0
    assert sad[ROWS, COLUMNS].max() < 0
    peak = np.unravel_index(happy.argmax(), happy.shape)
    assert ROWS.start <= peak[0] < ROWS.stop
    assert COLUMNS.start <= peak[1] < COLUMNS.stop


def test_nothing_far_from_the_square_counts_apart_from_the_fill_of_squares_that_touch_it():
    values = occlusion(looks_at_square(), face_with_square(), ("happy",))[0]
    assert share_in_square(values) > 0.9
    assert np.abs(values[:18, 30:]).max() == pytest.approx(0, abs=1e-6)


def test_the_sign_flips_with_the_classifier():
    face = face_with_square()
    first, second = (occlusion(looks_at_square(sign), face, ("happy",))[0][ROWS, COLUMNS] for sign in (1, -1))
    assert first.min() > 0 > second.max()


def test_all_copies_are_predicted_in_one_call():
    classifier = looks_at_square()
    occlusion(classifier, face_with_square(), EMOTIONS)
    assert classifier.classifier.calls == [(len(squares(SIDE, STRIDE)) + 1, 48, 48)]


def test_a_map_is_the_mean_drop_of_the_squares_that_cover_a_pixel():
    """Compute the map again, pixel by pixel."""
    classifier, face = looks_at_square(), face_with_square()
    other = filled(face[None], module.FILL)[0]
    sums, counts = np.zeros((48, 48)), np.zeros((48, 48))
    whole = np.log(classifier.predict_proba(face[None])[0, EMOTIONS.index("happy")])
    for top in range(STRIDE - SIDE, 48, STRIDE):
        for left in range(STRIDE - SIDE, 48, STRIDE):
            place = slice(max(top, 0), top + SIDE), slice(max(left, 0), left + SIDE)
            covered = face.copy()
            covered[place] = other[place]
            sums[place] += whole - np.log(classifier.predict_proba(covered[None])[0, EMOTIONS.index("happy")])
            counts[place] += 1
    np.testing.assert_allclose(occlusion(classifier, face, ("happy",))[0], sums / counts, atol=1e-5)


@pytest.mark.parametrize(("side", "stride"), [(12, 6), (12, 4), (8, 8), (16, 4)])
def test_every_pixel_is_covered_equally_often(side, stride):
    counts = squares(side, stride).sum(axis=0)
    assert counts.min() == counts.max() == (side // stride) ** 2


@pytest.mark.parametrize("fill", FILLS)
def test_a_fill_removes_detail_and_keeps_the_mean_level(fill):
    face = face_with_square()
    other = filled(face[None], fill)[0].astype(float)
    assert other.shape == (48, 48)
    assert np.abs(np.diff(other, axis=0)).max() < np.abs(np.diff(face.astype(float), axis=0)).max() / 4
    assert other.mean() == pytest.approx(face.mean(), abs=4)
    assert filled(np.empty((0, 48, 48), np.uint8), fill).shape == (0, 48, 48)
