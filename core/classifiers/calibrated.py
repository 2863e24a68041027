"""Temperature scaling of predictions, and a classifier with a temperature and a confidence threshold."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.classifiers.base import Classifier, Probabilities
from core.exceptions import InputError
from core.vision.crops import Faces

SMALLEST_PROBABILITY = 1e-7
"""Lower bound of probabilities before scaling. Float32 can round them to 0, and the logarithm of 0 is infinite."""

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Calibrated:
    """A classifier with temperature-scaled probabilities and a threshold for uncertain predictions."""

    classifier: Classifier
    """A classifier of any family, without a temperature."""
    temperature: float = 1.0
    """Divisor of the logits (Guo et al. 2017); 1 changes nothing."""
    uncertain_below: float = 0.0
    """Confidence below which a prediction is called uncertain; 0 if no threshold was fitted."""

    def predict_proba(self, faces: Faces) -> Probabilities:
        """(n, 48, 48) uint8 -> (n, 7) float32; rows sum to 1. n may be 0. Safe to call from several threads.

        Raises InputError if a probability is not finite, because such weights are damaged.
        """
        return check_finite(apply_temperature(self.classifier.predict_proba(faces), self.temperature))


def check_finite(probabilities: Probabilities) -> Probabilities:
    """Return the probabilities, (n, 7); raises InputError if one is NaN or infinite."""
    if not np.isfinite(probabilities).all():
        raise InputError(
            "the model predicts values that are not finite; restore its weights or, if this happens in training, lower "
            "the learning rate."
        )
    return probabilities


def apply_temperature(probabilities: Floats, temperature: float) -> Probabilities:
    """(n, 7) -> (n, 7) float32: softmax of log(p) / temperature. Rows sum to 1. The top class stays the same."""
    return np.asarray(scale_probabilities(probabilities.astype(np.float64), temperature), np.float32)


def scale_probabilities(probabilities: Any, temperature: float) -> Any:
    """Apply a temperature to probabilities (n, 7), a NumPy array or torch tensor; keep the dtype. 1 changes nothing."""
    if temperature == 1:
        return probabilities
    powers = probabilities.clip(min=SMALLEST_PROBABILITY) ** (1 / temperature)
    return powers / powers.sum(axis=1, keepdims=True)
