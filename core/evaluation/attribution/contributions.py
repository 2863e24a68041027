"""Exact contributions of the parts of a face to the scores of trees on hand-made features: Shapley values.

The features of these trees are linear in the histograms of the parts of a face (4x4 by default), so the trees can be
asked about a face of which only some parts are known. An unknown part counts as the mean of that part over the
training faces. The contribution of a part is its Shapley value (Shapley 1953): the mean change of the score when the
part becomes known, over all orders in which the parts can become known. With 16 parts, all 65,536 sets of known parts
are predicted, so the values are exact, not sampled.

The score of a label is log p minus the mean of log p over the seven labels, without the temperature. Contributions sum
to the score of the face minus the score of the mean histograms. They are exact for the histograms. Their places are an
approximation: a map spreads each value evenly over its part, but a histogram also depends on pixels beyond its border.
"""

from collections.abc import Sequence
from functools import cache
from math import comb

import numpy as np
from numpy.typing import NDArray

from core.classifiers.base import HasParts
from core.classifiers.calibrated import Calibrated
from core.emotions import EMOTIONS
from core.evaluation.attribution.explanation import Face
from core.vision.crops import FACE_SIZE

MOST_PARTS = 16
"""Largest number of parts, because the number of sets doubles with each part."""


def has_contributions(classifier: Calibrated) -> bool:
    """Return whether the classifier has features that are sums over at most `MOST_PARTS` parts."""
    trees = classifier.classifier
    return isinstance(trees, HasParts) and trees.parts_per_side**2 <= MOST_PARTS


def contribution_maps(classifier: Calibrated, face: Face, labels: Sequence[str]) -> NDArray[np.float32]:
    """(48, 48) uint8 and labels -> (labels, 48, 48) float32: each part's contribution, spread over its pixels."""
    trees = classifier.classifier
    assert isinstance(trees, HasParts)
    values = part_contributions(trees, face)[:, [EMOTIONS.index(label) for label in labels]]
    n = trees.parts_per_side
    part = np.arange(FACE_SIZE) * n // FACE_SIZE  # of each pixel on one axis
    pixels = np.bincount(part)
    spread = values.T.reshape(-1, n, n) / (pixels[:, None] * pixels)
    return np.asarray(spread[:, part[:, None], part], np.float32)


def part_contributions(trees: HasParts, face: Face) -> NDArray[np.float64]:
    """(48, 48) uint8 -> (parts, 7) float64: the Shapley value of each part for the score of each label."""
    features = trees.part_features(face)
    scores = trees.scores(known_parts(len(features)) @ features)
    return shapley_values(scores - scores.mean(axis=1, keepdims=True))


def shapley_values(worths: NDArray[np.float64]) -> NDArray[np.float64]:
    """(2 ** players, k) -> (players, k): the Shapley value of each player in k games.

    Row s of `worths` belongs to the set of the players whose bits are set in the number s.
    """
    return np.asarray(_shapley_weights(len(worths).bit_length() - 1).T @ worths)


@cache
def known_parts(parts: int) -> NDArray[np.float32]:
    """(2 ** parts, parts) float32: 1 where the bit of a part is set in the number of the row, otherwise 0."""
    return np.asarray((np.arange(2**parts)[:, None] >> np.arange(parts)) & 1, np.float32)


@cache
def _shapley_weights(players: int) -> NDArray[np.float64]:
    """(2 ** players, players): the weight of each set's worth in each player's value.

    A set of s other players precedes a player in 1 / (players * C(players - 1, s)) of all orders.
    """
    shares = np.array([1 / (players * comb(players - 1, others)) for others in range(players)])
    is_in = known_parts(players) > 0
    sizes = is_in.sum(axis=1, keepdims=True)
    return np.asarray(np.where(is_in, shares[(sizes - 1).clip(min=0)], -shares[sizes.clip(max=players - 1)]))
