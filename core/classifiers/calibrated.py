"""Temperature scaling and the confidence threshold of a model. No other module applies a temperature."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.classifiers.base import Classifier, Probabilities
from core.vision.crops import Faces

SMALLEST_PROBABILITY = 1e-7
"""Lower bound of the probabilities: float32 can round them to 0, whose logarithm is infinite."""

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
        """(n, 48, 48) uint8 -> (n, 7) float32; rows sum to 1. n may be 0. Safe to call from several threads."""
        return apply_temperature(self.classifier.predict_proba(faces), self.temperature)


def apply_temperature(probabilities: Floats, temperature: float) -> Probabilities:
    """(n, 7) -> (n, 7) float32: softmax of log(p) / temperature. Rows sum to 1 and keep their ranking."""
    return np.asarray(scale_probabilities(probabilities.astype(np.float64), temperature), np.float32)


def scale_probabilities(probabilities: Any, temperature: float) -> Any:
    """Scale a NumPy array or torch tensor (n, 7) in its own precision; temperature 1 changes nothing."""
    if temperature == 1:
        return probabilities
    powers = probabilities.clip(min=SMALLEST_PROBABILITY) ** (1 / temperature)
    return powers / powers.sum(axis=1, keepdims=True)
