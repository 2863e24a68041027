"""How far a model's confidence can be trusted: temperature scaling, and the confidence below which to say "uncertain".

Both are fitted on val. Knows probabilities and tables, no models and no torch.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from core.artifacts import read_card
from core.emotions import PROBABILITY_COLUMNS
from core.exceptions import InputError

COVERAGE = 0.8
"""Share of val whose confidence is at least `uncertain_below`."""

WITH = ", with "
"""Between the images of a calibration and the model that they were fitted with."""

SMALLEST = 1e-7
"""Probabilities are taken as no smaller: float32 rounds them to zero, whose logarithm would be infinite."""

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Calibration:
    """What was fitted on val, as it stands in the card."""

    temperature: float
    """Divisor of the logits (Guo et al. 2017): above 1 it takes confidence away."""
    fitted_on: str
    """The images and, where it was another, the model that they were fitted with."""
    uncertain_below: float
    """Confidence, after tempering, that leaves `coverage` of val at or above it."""
    coverage: float
    """Share of val at or above it, 0..1."""
    kept_accuracy: float
    """Accuracy on that part of val, 0..1."""

    def taken_over_from(self, model: str) -> "Calibration":
        """This one of another model, for a fit that has learnt val."""
        return replace(self, fitted_on=f"{self.fitted_on}{WITH}{model}")

    @property
    def other_model(self) -> str:
        """Whose calibration this is, where it was taken over; empty where it is the model's own."""
        return self.fitted_on.partition(WITH)[2]


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


def tempered(probabilities: Floats, temperature: float) -> NDArray[np.float32]:
    """(n, 7) -> (n, 7) float32: the softmax of log p / temperature; rows sum to 1, the order of a row stays."""
    if temperature == 1:
        return probabilities.astype(np.float32, copy=False)
    powers = np.maximum(probabilities.astype(np.float64), SMALLEST) ** (1 / temperature)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def negative_log_likelihood(probabilities: Floats, labels: NDArray[np.integer]) -> float:
    """Mean -log p of the true label, in nats; NaN for n = 0."""
    if not len(labels):
        return float("nan")
    of_truth = np.take_along_axis(probabilities, np.asarray(labels)[:, None], axis=1)
    return float(-np.log(np.maximum(of_truth, SMALLEST)).mean())


def probabilities_of(table: pd.DataFrame) -> NDArray[np.float64]:
    """The (n, 7) probabilities of a predictions table."""
    return table[list(PROBABILITY_COLUMNS)].to_numpy(np.float64)


def retempered(table: pd.DataFrame, old: float, new: float) -> pd.DataFrame:
    """A predictions table made at the temperature `old`, as it would be at `new`."""
    probabilities = tempered(probabilities_of(table), new / old)
    columns = dict(zip(PROBABILITY_COLUMNS, probabilities.T, strict=True))
    return table.assign(**columns, confidence=probabilities.max(axis=1))


def before_and_after(scored: pd.DataFrame, temperature: float) -> dict[str, pd.DataFrame]:
    """A scored table as its model gives it, and as it would be without a temperature."""
    return {"before": retempered(scored, temperature, 1.0), "after": scored}


def read_calibration(model: str) -> Calibration:
    """A model's calibration from its card; InputError where the card has none."""
    card = read_card(model)
    if not card.calibration:
        raise InputError(f"model {model} has no temperature yet; run `python -m core calibrate {model}`.")
    return Calibration(**card.calibration)


def _judged(probabilities: Floats, labels: NDArray[np.integer]) -> tuple[Floats, NDArray[np.bool_]]:
    """Confidence and whether the predicted label is right."""
    return probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
