"""Temperature scaling and the confidence threshold, on probabilities with known calibration."""

import numpy as np
import pandas as pd
import pytest

from core.classifiers import calibrated
from core.emotions import PROBABILITY_COLUMNS
from core.evaluation import calibration_fit
from core.exceptions import InputError

PROBABILITIES = np.array([[0.90, 0.06, 0.04, 0, 0, 0, 0], [0.2, 0.7, 0.1, 0, 0, 0, 0]], np.float32)


def miscalibrated(n: int = 4000, factor: float = 2.5) -> tuple[np.ndarray, np.ndarray]:
    """Return n rows of miscalibrated probabilities, and their labels.

    The labels are drawn from the true probabilities. Multiplying the true logits by `factor` gives the miscalibrated
    probabilities.
    """
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(n, 7))
    true_probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([rng.choice(7, p=row) for row in true_probabilities])
    powers = np.exp(factor * logits)
    return powers / powers.sum(axis=1, keepdims=True), labels


def test_the_fitted_temperature_is_the_factor_of_the_logits():
    assert calibration_fit.fit_temperature(*miscalibrated(factor=2.5)) == pytest.approx(2.5, rel=0.1)
    assert calibration_fit.fit_temperature(*miscalibrated(factor=0.5)) == pytest.approx(0.5, rel=0.1)


def test_apply_temperature_divides_the_logits():
    logits = np.array([[1.0, 2.0, 0.0, -1.0, 0.5, 0.2, 0.1]])
    softmax = np.exp(logits) / np.exp(logits).sum()
    softmax_of_half = np.exp(logits / 2) / np.exp(logits / 2).sum()
    assert calibrated.apply_temperature(softmax, 2.0) == pytest.approx(softmax_of_half, rel=1e-5)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_apply_temperature_keeps_predicted_classes_and_gives_float32_rows_that_sum_to_one(temperature):
    scaled = calibrated.apply_temperature(PROBABILITIES, temperature)
    assert scaled.dtype == np.float32
    assert scaled.sum(axis=1) == pytest.approx([1, 1], abs=1e-6)
    assert scaled.argmax(axis=1).tolist() == [0, 1]


def test_apply_temperature_accepts_an_empty_array():
    assert calibrated.apply_temperature(np.empty((0, 7), np.float32), 2.0).shape == (0, 7)


def test_four_fifths_of_the_images_reach_the_threshold_and_have_a_higher_accuracy():
    probabilities, labels = miscalibrated()
    calibration = calibration_fit.calibrate(probabilities, labels)
    assert calibration.coverage == pytest.approx(0.8, abs=0.001)
    assert calibration.kept_accuracy > (probabilities.argmax(axis=1) == labels).mean() + 0.02
    assert 1 / 7 < calibration.uncertain_below < 1
    assert calibration.fitted_on == "val"


def test_calibrate_without_images_raises_an_error():
    with pytest.raises(InputError, match="no val images"):
        calibration_fit.calibrate(np.empty((0, 7)), np.empty(0, int))


def test_before_and_after_returns_the_table_without_temperature_scaling_and_the_table_itself():
    unscaled = calibrated.apply_temperature(PROBABILITIES, 1.0)
    table = pd.DataFrame(calibrated.apply_temperature(unscaled, 2.0), columns=list(PROBABILITY_COLUMNS)).assign(
        confidence=0.0
    )
    tables = calibration_fit.before_and_after(table, 2.0)
    assert tables["before"][list(PROBABILITY_COLUMNS)].to_numpy() == pytest.approx(unscaled, abs=1e-5)
    assert tables["before"]["confidence"].tolist() == pytest.approx([0.9, 0.7], abs=1e-5)
    assert tables["after"] is table
