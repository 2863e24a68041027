"""Deleting the pixels that matter lowers the accuracy further than deleting random ones."""

import numpy as np
import pytest

from core.benchmarks import deletion
from core.benchmarks.deletion import CELL, SHARE, delete, measure
from core.benchmarks.robustness import random_subset
from core.classifiers.base import LabelledFaces, labelled_faces
from core.classifiers.loading import load_classifier
from core.evaluation.attribution.fills import FILLS, filled
from core.exceptions import InputError
from tests.core.evaluation.attribution.classifiers import HAPPY, SAD, face_with_square, looks_at_square

FACE = face_with_square()

HAPPY_FACES = LabelledFaces(np.stack([FACE] * 4), np.full(4, HAPPY))

CELLS = (48 // CELL) ** 2


@pytest.mark.parametrize("fill", FILLS)
def test_accuracy_falls_by_attribution_but_not_at_random_if_one_square_decides(fill):
    result = measure("made-up", looks_at_square(), HAPPY_FACES, fill)
    assert (result.method, result.faces, result.fill, result.share) == ("occlusion", 4, fill, 0.2)
    assert result.accuracy.all == result.accuracy.random == 1
    assert result.accuracy.attribution == 0


def test_a_result_is_the_same_each_time():
    assert measure("m", looks_at_square(), HAPPY_FACES, "mean") == measure("m", looks_at_square(), HAPPY_FACES, "mean")


def test_the_explanation_is_that_of_the_predicted_label_so_the_true_label_does_not_choose_the_pixels(monkeypatch):
    explained = []
    original = deletion.explain
    monkeypatch.setattr(deletion, "explain", lambda *arguments: explained.append(arguments[2]) or original(*arguments))
    measure("m", looks_at_square(), LabelledFaces(HAPPY_FACES.faces, np.full(4, SAD)), "mean")
    assert explained == [("happy",)] * 4


def test_progress_is_reported_for_each_face():
    done = []
    measure("m", looks_at_square(), HAPPY_FACES, "mean", on_progress=lambda *numbers: done.append(numbers))
    assert done == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_method_that_does_not_suit_the_model_is_refused():
    with pytest.raises(InputError, match="does not suit"):
        measure("m", looks_at_square(), HAPPY_FACES, "mean", "contributions")


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("share", [0, SHARE, 1])
def test_exactly_the_squares_with_the_largest_sums_are_filled(fill, share):
    sums = np.stack([np.arange(CELLS), -np.arange(CELLS)])
    faces = np.stack([FACE, FACE])
    n = round(share * CELLS)
    squares = np.zeros((2, CELLS), bool)
    squares[0, CELLS - n :] = True
    squares[1, :n] = True
    per_side = 48 // CELL
    is_deleted = np.kron(squares.reshape(2, per_side, per_side), np.ones((CELL, CELL), bool))
    expected = faces.copy()
    expected[is_deleted] = filled(faces, fill)[is_deleted]
    np.testing.assert_array_equal(delete(faces, sums, share, fill), expected)


def test_random_and_attribution_remove_equally_many_pixels(monkeypatch):
    seen = []
    original = deletion.predicted_classes
    monkeypatch.setattr(
        deletion, "predicted_classes", lambda model, faces: seen.append(faces) or original(model, faces)
    )
    noise = np.random.default_rng(2).choice(np.array([0, 255], np.uint8), (4, 48, 48))
    measure("m", looks_at_square(), LabelledFaces(noise, np.full(4, HAPPY)), "mean")
    changed = [(faces != noise).sum(axis=(1, 2)) for faces in seen[-2:]]
    np.testing.assert_array_equal(changed, np.full((2, 4), round(SHARE * CELLS) * CELL**2))


@pytest.mark.parametrize("fill", FILLS)
def test_on_fer2013_the_accuracy_of_a_network_falls_at_least_twice_as_far_by_attribution(fill, fer2013):
    data = random_subset(labelled_faces(fer2013.manifest(), fer2013.faces(), "test"), 80)
    accuracy = measure("cnn-seed", load_classifier("cnn-seed"), data, fill).accuracy
    assert accuracy.all - accuracy.attribution >= 2 * max(accuracy.all - accuracy.random, 0.05)
