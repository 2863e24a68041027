"""Calibration of a model: its temperature, and the confidence below which a prediction is called uncertain.

Both are fitted on the model's predictions for val. The model itself is not needed.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.classifiers.calibrated import Floats, apply_temperature
from core.emotions import PROBABILITY_COLUMNS
from core.evaluation.metrics import negative_log_likelihood
from core.evaluation.scored_table import probabilities_of
from core.exceptions import InputError
from core.models.card import Calibration

COVERAGE = 0.8
"""Share of the val images whose confidence reaches the threshold; the threshold is chosen to give this share."""


def calibrate(probabilities: Floats, labels: NDArray[np.integer], fitted_on: str = "val") -> Calibration:
    """Fit the temperature and the threshold on predictions for one split, whose name is `fitted_on`.

    `probabilities` are (n, 7) and have temperature 1; `labels` are true class ids, (n,). Raises InputError for n = 0.
    """
    if not len(labels):
        raise InputError("there are no val images to fit a temperature on; import the whole of FER2013.")
    temperature = fit_temperature(probabilities, labels)
    confidence, correct = _confidence_and_correct(apply_temperature(probabilities, temperature), labels)
    threshold = float(np.quantile(confidence, 1 - COVERAGE))
    certain = confidence >= threshold
    return Calibration(temperature, fitted_on, threshold, float(certain.mean()), float(correct[certain].mean()))


def calibrate_on_val(scored: pd.DataFrame) -> Calibration:
    """Fit a calibration on the val images of a scored table whose probabilities have temperature 1."""
    val = scored[scored["split"] == "val"]
    return calibrate(probabilities_of(val), val["true_label"].cat.codes.to_numpy())


def fit_temperature(probabilities: Floats, labels: NDArray[np.integer]) -> float:
    """Return the temperature from 0.05 to 20 that minimises the negative log-likelihood (Guo et al. 2017).

    `probabilities` are (n, 7) and have temperature 1; `labels` are true class ids, (n,).
    """
    from scipy.optimize import minimize_scalar  # slow to import

    def loss(log_temperature: float) -> float:
        return negative_log_likelihood(apply_temperature(probabilities, float(np.exp(log_temperature))), labels)

    return float(np.exp(minimize_scalar(loss, bounds=np.log((0.05, 20)), method="bounded").x))


def change_temperature(table: pd.DataFrame, old: float, new: float) -> pd.DataFrame:
    """Convert a predictions table with temperature `old` to temperature `new`."""
    probabilities = apply_temperature(probabilities_of(table), new / old)
    columns = dict(zip(PROBABILITY_COLUMNS, probabilities.T, strict=True))
    return table.assign(**columns, confidence=probabilities.max(axis=1))


def before_and_after(scored: pd.DataFrame, temperature: float) -> dict[str, pd.DataFrame]:
    """Return a scored table before and after temperature scaling, under the keys "before" and "after".

    `scored` is the table after scaling with `temperature`.
    """
    return {"before": change_temperature(scored, temperature, 1.0), "after": scored}


def _confidence_and_correct(probabilities: Floats, labels: NDArray[np.integer]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the confidences, (n,), and whether each predicted label is correct, (n,) bool."""
    return probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
