"""Calibration of a model: its temperature, and the confidence below which a prediction is called uncertain.

Both are fitted on predictions for val, without the model's weights.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from core.classifiers.calibrated import Floats, apply_temperature
from core.emotions import PROBABILITY_COLUMNS
from core.evaluation.metrics import negative_log_likelihood
from core.evaluation.scored_table import probabilities_of
from core.exceptions import InputError
from core.models.card import Calibration

COVERAGE = 0.8
"""Share of the val images whose confidence is at least `uncertain_below`."""


def calibrate(probabilities: Floats, labels: NDArray[np.integer], fitted_on: str = "val") -> Calibration:
    """Fit on (n, 7) probabilities of val at temperature 1 and (n,) class ids; raises InputError for n = 0."""
    if not len(labels):
        raise InputError("there are no val images to fit a temperature on; import the whole of FER2013.")
    temperature = fit_temperature(probabilities, labels)
    confidence, correct = _confidence_and_correct(apply_temperature(probabilities, temperature), labels)
    threshold = float(np.quantile(confidence, 1 - COVERAGE))
    kept = confidence >= threshold
    return Calibration(temperature, fitted_on, threshold, float(kept.mean()), float(correct[kept].mean()))


def calibrate_on_val(scored: pd.DataFrame) -> Calibration:
    """Fit a calibration on the val images of a scored table made at temperature 1."""
    val = scored[scored["split"] == "val"]
    return calibrate(probabilities_of(val), val["true_label"].cat.codes.to_numpy())


def fit_temperature(probabilities: Floats, labels: NDArray[np.integer]) -> float:
    """Return the temperature from 0.05 to 20 that minimises the negative log-likelihood (Guo et al. 2017)."""

    def loss(log_temperature: float) -> float:
        return negative_log_likelihood(apply_temperature(probabilities, float(np.exp(log_temperature))), labels)

    return float(np.exp(minimize_scalar(loss, bounds=np.log((0.05, 20)), method="bounded").x))


def change_temperature(table: pd.DataFrame, old: float, new: float) -> pd.DataFrame:
    """Convert a predictions table from the temperature `old` to `new`."""
    probabilities = apply_temperature(probabilities_of(table), new / old)
    columns = dict(zip(PROBABILITY_COLUMNS, probabilities.T, strict=True))
    return table.assign(**columns, confidence=probabilities.max(axis=1))


def before_and_after(scored: pd.DataFrame, temperature: float) -> dict[str, pd.DataFrame]:
    """Return a scored table without temperature scaling ("before") and as it is ("after")."""
    return {"before": change_temperature(scored, temperature, 1.0), "after": scored}


def _confidence_and_correct(probabilities: Floats, labels: NDArray[np.integer]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return (n,) confidences, and (n,) whether the predicted label is correct."""
    return probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
