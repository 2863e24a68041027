"""Classifiers whose reasons are known: they look at one square of the face only."""

import numpy as np
import torch

from core.classifiers.base import Probabilities
from core.classifiers.calibrated import Calibrated
from core.classifiers.cnn.classifier import Cnn
from core.classifiers.cnn.config import CnnConfig
from core.emotions import EMOTIONS
from core.vision.crops import Faces
from tests.fixtures.fakes import FakeClassifier

ROWS, COLUMNS = slice(30, 42), slice(6, 18)
"""The square that the classifiers look at, in the lower left of the face."""

HAPPY, SAD = EMOTIONS.index("happy"), EMOTIONS.index("sad")


def face_with_square(level: int = 255, around: int = 100, noise: int = 20) -> np.ndarray:
    """Return a noisy face with an even square, (48, 48) uint8."""
    face = np.random.default_rng(0).integers(around - noise, around + noise + 1, (48, 48)).astype(np.uint8)
    face[ROWS, COLUMNS] = level
    return face


def looks_at_square(sign: float = 1) -> Calibrated:
    """Return a classifier that says happy, and less sad, the brighter the square is; with `sign` -1 the darker."""

    def probabilities(face: np.ndarray) -> list[float]:
        logits = np.zeros(len(EMOTIONS))
        logits[HAPPY] = sign * (face[ROWS, COLUMNS].mean() - 200) / 40
        logits[SAD] = -logits[HAPPY]
        return list(np.exp(logits) / np.exp(logits).sum())

    return Calibrated(FakeClassifier(answer=probabilities))


class LinearNetwork:
    """A softmax of sums over the pixels, whose gradients are known: `weights` is (7, 48, 48)."""

    def __init__(self, weights: np.ndarray) -> None:
        self.weights = weights

    def predict_proba(self, faces: Faces) -> Probabilities:
        logits = np.einsum("nhw,khw->nk", faces.astype(np.float64), self.weights)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)

    def gradients(self, faces: np.ndarray, class_ids: list[int]) -> np.ndarray:
        """d log p_k = w_k - sum over j of p_j w_j."""
        mean = np.einsum("nj,jhw->nhw", self.predict_proba(faces), self.weights)
        return np.stack([self.weights[k] - mean for k in class_ids]).astype(np.float32)


def linear_network_of_square() -> Calibrated:
    """Return a network that says happy, and less sad, the brighter the square is."""
    weights = np.zeros((len(EMOTIONS), 48, 48))
    weights[HAPPY, ROWS, COLUMNS], weights[SAD, ROWS, COLUMNS] = 1e-4, -1e-4
    return Calibrated(LinearNetwork(weights))


def small_network(mirror: bool = False, window: int = 48, seed: int = 3) -> Calibrated:
    """Return an untrained small network, whose weights are enlarged, so that its probabilities are not all equal."""
    config = CnnConfig(
        seed=seed, blocks=((8,), (8, 8)), pooling="average", hidden=0, mirror=mirror, window=window, residual=True
    )
    classifier = Cnn(config)
    with torch.no_grad():
        classifier.network.head[-1].weight.mul_(20)
    classifier.network = classifier.network.eval()
    return Calibrated(classifier)


def share_in_square(values: np.ndarray) -> float:
    """Return the share of the map's absolute values that lies in the square, with a border of 6 pixels."""
    around = np.zeros(values.shape, bool)
    around[ROWS.start - 6 : ROWS.stop + 6, COLUMNS.start - 6 : COLUMNS.stop + 6] = True
    return float(np.abs(values)[around].sum() / np.abs(values).sum())
