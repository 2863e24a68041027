"""Integrated gradients sum to the change of log p, and point to the pixels that a network looks at."""

import numpy as np
import pytest
import torch

from core.classifiers.base import HasGradients
from core.emotions import EMOTIONS
from core.evaluation.attribution import integrated_gradients as module
from core.evaluation.attribution.fills import filled
from core.evaluation.attribution.integrated_gradients import BASELINE, integrated_gradients, smoothed
from tests.core.evaluation.attribution.classifiers import (
    COLUMNS,
    HAPPY,
    ROWS,
    face_with_square,
    linear_network_of_square,
    share_in_square,
    small_network,
)


def change_of_log_p(classifier, face, label):
    baseline = filled(face[None], BASELINE)[0]
    probabilities = classifier.classifier.predict_proba(np.stack([face, baseline])).astype(float)
    log_p, baseline_log_p = np.log(probabilities[:, EMOTIONS.index(label)])
    return log_p - baseline_log_p


def test_the_map_points_to_the_square_that_the_network_looks_at():
    happy, sad = integrated_gradients(linear_network_of_square(), face_with_square(), ("happy", "sad"))
    assert happy.shape == (48, 48)
    assert happy.dtype == np.float32
    assert share_in_square(happy) > 0.99
    assert happy[ROWS, COLUMNS].min() > 0 > sad[ROWS, COLUMNS].max()


def test_a_dark_square_speaks_against_what_a_bright_one_speaks_for():
    network = linear_network_of_square()
    dark = integrated_gradients(network, face_with_square(level=0), ("happy",))[0]
    assert dark[ROWS, COLUMNS].max() < 0


@pytest.mark.parametrize("label", ["happy", "sad", "neutral"])
def test_values_of_a_softmax_sum_to_the_change_of_log_p(label):
    network, face = linear_network_of_square(), face_with_square()
    values = integrated_gradients(network, face, (label,))[0]
    assert values.sum() == pytest.approx(change_of_log_p(network, face, label), abs=0.01)


@pytest.mark.parametrize(("mirror", "window"), [(False, 48), (True, 48), (True, 44)])
def test_values_of_a_network_sum_to_the_change_of_log_p_with_its_own_preprocessing(mirror, window, monkeypatch):
    monkeypatch.setattr(module, "STEPS", 400)
    classifier, face = small_network(mirror, window), face_with_square()
    values = integrated_gradients(classifier, face, ("happy",))[0]
    expected = change_of_log_p(classifier, face, "happy")
    assert abs(expected) > 0.05
    assert values.sum() == pytest.approx(expected, abs=0.02 * abs(expected))


@pytest.mark.parametrize("mirror", [False, True])
def test_gradients_equal_differences_of_log_p(mirror):
    """Compare with central differences, in directions that change all pixels."""
    network = small_network(mirror).classifier
    generator = np.random.default_rng(1)
    face = generator.uniform(40, 200, (48, 48)).astype(np.float32)
    direction = generator.normal(size=(48, 48)).astype(np.float32)

    def log_p(levels):
        with torch.no_grad():
            return np.log(network.predictor(torch.from_numpy(levels[None])).numpy()[0].astype(float))

    step = np.float32(0.5)
    differences = (log_p(face + step * direction) - log_p(face - step * direction)) / (2 * step)
    gradients = network.gradients(face[None], range(len(EMOTIONS)))[:, 0]
    np.testing.assert_allclose((gradients * direction).sum(axis=(1, 2)), differences, rtol=0.05, atol=2e-4)


def test_pixels_outside_the_window_of_a_network_do_not_count(monkeypatch):
    monkeypatch.setattr(module, "SMOOTHING", 0.3)
    values = integrated_gradients(small_network(window=44), face_with_square(), ("happy",))[0]
    assert np.abs(values[0]).max() < 1e-9 < np.abs(values[2:-2, 2:-2]).max()


def test_gradients_are_computed_even_if_a_caller_has_switched_them_off():
    network = small_network().classifier
    faces = face_with_square()[None].astype(np.float32)
    expected = network.gradients(faces, [HAPPY])
    with torch.inference_mode():
        np.testing.assert_array_equal(network.gradients(faces, [HAPPY]), expected)


def test_there_are_as_many_gradients_as_classes_and_faces():
    network = small_network().classifier
    assert isinstance(network, HasGradients)
    assert network.gradients(np.zeros((40, 48, 48), np.float32), [0, 1]).shape == (2, 40, 48, 48)
    assert network.gradients(np.zeros((0, 48, 48), np.float32), [0, 1]).shape == (2, 0, 48, 48)
    assert network.gradients(np.zeros((2, 48, 48), np.float32), []).shape == (0, 2, 48, 48)


def test_predictions_are_the_same_after_an_explanation():
    classifier, face = small_network(mirror=True), face_with_square()
    before = classifier.predict_proba(face[None])
    integrated_gradients(classifier, face, ("happy",))
    np.testing.assert_array_equal(classifier.predict_proba(face[None]), before)


def test_smoothing_keeps_the_sum_of_a_map():
    maps = np.random.default_rng(0).normal(size=(3, 48, 48)).astype(np.float32)
    maps[:, 0, 0] += 50
    np.testing.assert_allclose(smoothed(maps).sum(axis=(1, 2)), maps.sum(axis=(1, 2)), atol=0.01)
    assert smoothed(maps[:0]).shape == (0, 48, 48)
