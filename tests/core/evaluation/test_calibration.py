"""Temperature and threshold, on probabilities with known calibration."""

import numpy as np
import pandas as pd
import pytest

from core.classifiers import calibrated
from core.emotions import PROBABILITY_COLUMNS
from core.evaluation import calibration_fit
from core.exceptions import InputError

SURE = np.array([[0.90, 0.06, 0.04, 0, 0, 0, 0], [0.2, 0.7, 0.1, 0, 0, 0, 0]], np.float32)


def overconfident(n: int = 4000, factor: float = 2.5) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities whose logits are `factor` times too large, and labels drawn from the true probabilities."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(n, 7))
    true_probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([rng.choice(7, p=row) for row in true_probabilities])
    powers = np.exp(factor * logits)
    return powers / powers.sum(axis=1, keepdims=True), labels


def test_the_fitted_temperature_reverts_the_factor_on_the_logits():
    assert calibration_fit.fit_temperature(*overconfident(factor=2.5)) == pytest.approx(2.5, rel=0.1)
    assert calibration_fit.fit_temperature(*overconfident(factor=0.5)) == pytest.approx(0.5, rel=0.1)


def test_apply_temperature_divides_the_logits():
    logits = np.array([[1.0, 2.0, 0.0, -1.0, 0.5, 0.2, 0.1]])
    softmax = np.exp(logits) / np.exp(logits).sum()
    half = np.exp(logits / 2) / np.exp(logits / 2).sum()
    assert calibrated.apply_temperature(softmax, 2.0) == pytest.approx(half, rel=1e-5)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_apply_temperature_keeps_the_predicted_class_and_rows_that_sum_to_one(temperature):
    probabilities = calibrated.apply_temperature(SURE, temperature)
    assert probabilities.dtype == np.float32
    assert probabilities.sum(axis=1) == pytest.approx([1, 1], abs=1e-6)
    assert probabilities.argmax(axis=1).tolist() == [0, 1]


def test_apply_temperature_accepts_no_faces():
    assert calibrated.apply_temperature(np.empty((0, 7), np.float32), 2.0).shape == (0, 7)


def test_the_threshold_keeps_four_fifths_of_the_images_with_higher_accuracy():
    probabilities, labels = overconfident()
    found = calibration_fit.calibrate(probabilities, labels)
    assert found.coverage == pytest.approx(0.8, abs=0.001)
    assert found.kept_accuracy > (probabilities.argmax(axis=1) == labels).mean() + 0.02
    assert 1 / 7 < found.uncertain_below < 1
    assert found.fitted_on == "val"


def test_calibrating_without_val_images_raises_an_error():
    with pytest.raises(InputError, match="no val images"):
        calibration_fit.calibrate(np.empty((0, 7)), np.empty(0, int))


def test_before_has_the_probabilities_without_temperature():
    raw = calibrated.apply_temperature(SURE, 1.0)
    table = pd.DataFrame(calibrated.apply_temperature(raw, 2.0), columns=list(PROBABILITY_COLUMNS)).assign(
        confidence=0.0
    )
    found = calibration_fit.before_and_after(table, 2.0)
    assert found["before"][list(PROBABILITY_COLUMNS)].to_numpy() == pytest.approx(raw, abs=1e-5)
    assert found["before"]["confidence"].tolist() == pytest.approx([0.9, 0.7], abs=1e-5)
    assert found["after"] is table
