"""Fisher's discriminants: the direction by hand, and projections that have not seen their own labels."""

import numpy as np
import pytest

from core.classifiers.trees.features import discriminants
from core.classifiers.trees.features.discriminants import CLASSES, FOLDS


def accuracy(projected: np.ndarray, labels: np.ndarray) -> float:
    return float((projected.argmax(axis=1) == labels).mean())


@pytest.fixture
def noise() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features that know nothing of their labels."""
    generator = np.random.default_rng(0)
    n = 700
    return (
        generator.normal(size=(n, 200)).astype(np.float32),
        generator.integers(0, CLASSES, n),
        generator.integers(0, FOLDS, n),
    )


def test_noise_fits_itself_and_not_what_was_left_out(noise):
    features, labels, folds = noise
    known = features.copy()
    fitted, crossed = discriminants.fit(features, labels, folds, shrinkage=1.0)
    assert accuracy(fitted.project(known), labels) > 0.4
    assert accuracy(crossed, labels) < 0.22  # one in seven is chance


def test_a_label_that_changes_moves_no_projection_of_its_own_fold(noise):
    features, labels, folds = noise
    _, crossed = discriminants.fit(features.copy(), labels, folds, shrinkage=1.0)
    changed = np.where(folds == 2, (labels + 1) % CLASSES, labels)
    _, other = discriminants.fit(features.copy(), changed, folds, shrinkage=1.0)
    assert np.allclose(crossed[folds == 2], other[folds == 2], atol=1e-4)
    assert not np.allclose(crossed[folds == 3], other[folds == 3], atol=1e-2)


def test_what_tells_the_classes_apart_is_found():
    generator = np.random.default_rng(1)
    labels = np.tile(np.arange(CLASSES), 100)
    features = generator.normal(size=(len(labels), 20)).astype(np.float32)
    features[np.arange(len(labels)), labels] += 3
    _, crossed = discriminants.fit(features, labels, generator.integers(0, FOLDS, len(labels)), shrinkage=0.1)
    assert accuracy(crossed, labels) > 0.85


def test_the_direction_of_two_measures_by_hand():
    """Within classes both measures have variance 1 and nothing in common: the direction is the means' difference."""
    corners = np.array([(x, y) for x in (-1, 1) for y in (-1, 1)], np.float32)
    centres = np.zeros((CLASSES, 2), np.float32)
    centres[0] = (6, 0)
    features = np.concatenate([corners + centre for centre in centres])
    labels = np.repeat(np.arange(CLASSES), len(corners))
    fitted, _ = discriminants.fit(features.copy(), labels, np.arange(len(labels)) % FOLDS, shrinkage=0.0)
    along, across = fitted.directions[:, 0] / fitted.scale
    assert along > 0 and abs(across) < 1e-4 * along
    within = features[labels == 0] @ np.array([along, across])
    assert within.var() == pytest.approx(1, rel=1e-2)
