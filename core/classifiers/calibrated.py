"""The temperature and the threshold of a model, applied around any classifier, in this place alone."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.classifiers.base import Classifier, Probabilities
from core.vision.crops import Faces

SMALLEST = 1e-7
"""Probabilities are taken as no smaller: float32 rounds them to zero, whose logarithm would be infinite."""

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Calibrated:
    """A classifier whose probabilities are tempered, and that knows below which confidence a label is uncertain."""

    classifier: Classifier
    """Of one of the families, without a temperature."""
    temperature: float = 1.0
    """Divisor of the logits (Guo et al. 2017); 1 changes nothing."""
    uncertain_below: float = 0.0
    """Confidence below which a label is called uncertain; 0 if no threshold was fitted."""

    def predict_proba(self, faces: Faces) -> Probabilities:
        """(n, 48, 48) uint8 -> (n, 7) float32; rows sum to 1; n = 0 is legal. Safe to call from several threads."""
        return tempered(self.classifier.predict_proba(faces), self.temperature)


def tempered(probabilities: Floats, temperature: float) -> Probabilities:
    """(n, 7) -> (n, 7) float32: the softmax of log p / temperature; rows sum to 1, the order of a row stays."""
    return np.asarray(temper(probabilities.astype(np.float64), temperature), np.float32)


def temper(probabilities: Any, temperature: float) -> Any:
    """The same rule for arrays and for torch's tensors, in the precision in which they come; 1 changes nothing."""
    if temperature == 1:
        return probabilities
    powers = probabilities.clip(min=SMALLEST) ** (1 / temperature)
    return powers / powers.sum(axis=1, keepdims=True)
