"""How far a model's confidence can be trusted: temperature scaling, and the confidence below which to say "uncertain".

Both are fitted on val, from probabilities and tables: no weights are needed.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from core.classifiers.calibrated import Floats, tempered
from core.emotions import PROBABILITY_COLUMNS
from core.evaluation.metrics import negative_log_likelihood
from core.evaluation.scored_table import probabilities_of
from core.exceptions import InputError
from core.models.card import Calibration

COVERAGE = 0.8
"""Share of val whose confidence is at least `uncertain_below`."""


def calibrate(probabilities: Floats, labels: NDArray[np.integer], fitted_on: str = "val") -> Calibration:
    """(n, 7) probabilities of val at temperature 1 and (n,) class ids -> the calibration; InputError for n = 0."""
    if not len(labels):
        raise InputError("there are no val images to fit a temperature on; import the whole of FER2013.")
    temperature = fit_temperature(probabilities, labels)
    confidence, right = _judged(tempered(probabilities, temperature), labels)
    threshold = float(np.quantile(confidence, 1 - COVERAGE))
    kept = confidence >= threshold
    return Calibration(temperature, fitted_on, threshold, float(kept.mean()), float(right[kept].mean()))


def calibrate_on_val(scored: pd.DataFrame) -> Calibration:
    """The calibration of a scored table made at temperature 1, from its val images."""
    val = scored[scored["split"] == "val"]
    return calibrate(probabilities_of(val), val["true_label"].cat.codes.to_numpy())


def fit_temperature(probabilities: Floats, labels: NDArray[np.integer]) -> float:
    """The temperature between 0.05 and 20 with the smallest negative log-likelihood (Guo et al. 2017)."""

    def loss(log_temperature: float) -> float:
        return negative_log_likelihood(tempered(probabilities, float(np.exp(log_temperature))), labels)

    return float(np.exp(minimize_scalar(loss, bounds=np.log((0.05, 20)), method="bounded").x))


def retempered(table: pd.DataFrame, old: float, new: float) -> pd.DataFrame:
    """A predictions table made at the temperature `old`, as it would be at `new`."""
    probabilities = tempered(probabilities_of(table), new / old)
    columns = dict(zip(PROBABILITY_COLUMNS, probabilities.T, strict=True))
    return table.assign(**columns, confidence=probabilities.max(axis=1))


def before_and_after(scored: pd.DataFrame, temperature: float) -> dict[str, pd.DataFrame]:
    """A scored table as its model gives it, and as it would be without a temperature."""
    return {"before": retempered(scored, temperature, 1.0), "after": scored}


def _judged(probabilities: Floats, labels: NDArray[np.integer]) -> tuple[Floats, NDArray[np.bool_]]:
    """Confidence and whether the predicted label is right."""
    return probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
