"""Fisher's discriminants: their directions, and cross-fitted projections, which ignore the labels of their own fold."""

import numpy as np
import pytest

from core.classifiers.trees.features import discriminants
from core.classifiers.trees.features.discriminants import CLASSES, FOLDS


def accuracy(projected: np.ndarray, labels: np.ndarray) -> float:
    """Return the accuracy if the class with the largest projection is predicted."""
    return float((projected.argmax(axis=1) == labels).mean())


@pytest.fixture
def noise() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return random features (n, 200), random class ids (n,) and random folds (n,), which are independent."""
    generator = np.random.default_rng(0)
    n = 700
    return (
        generator.normal(size=(n, 200)).astype(np.float32),
        generator.integers(0, CLASSES, n),
        generator.integers(0, FOLDS, n),
    )


def test_projections_of_noise_overfit_unless_they_are_cross_fitted(noise):
    features, labels, folds = noise
    training_features = features.copy()  # fit changes its argument
    fitted, cross_fitted = discriminants.fit(features, labels, folds, shrinkage=1.0)
    assert accuracy(fitted.project(training_features), labels) > 0.4
    assert accuracy(cross_fitted, labels) < 0.22  # chance is one in seven


def test_labels_of_a_fold_change_only_the_cross_fitted_projections_of_other_folds(noise):
    features, labels, folds = noise
    _, cross_fitted = discriminants.fit(features.copy(), labels, folds, shrinkage=1.0)
    changed = np.where(folds == 2, (labels + 1) % CLASSES, labels)
    _, cross_fitted_after = discriminants.fit(features.copy(), changed, folds, shrinkage=1.0)
    assert np.allclose(cross_fitted[folds == 2], cross_fitted_after[folds == 2], atol=1e-4)
    assert not np.allclose(cross_fitted[folds == 3], cross_fitted_after[folds == 3], atol=1e-2)


def test_cross_fitted_projections_predict_the_class_if_the_features_separate_the_classes():
    generator = np.random.default_rng(1)
    labels = np.tile(np.arange(CLASSES), 100)
    features = generator.normal(size=(len(labels), 20)).astype(np.float32)
    features[np.arange(len(labels)), labels] += 3
    _, cross_fitted = discriminants.fit(features, labels, generator.integers(0, FOLDS, len(labels)), shrinkage=0.1)
    assert accuracy(cross_fitted, labels) > 0.85


def test_a_direction_points_along_the_difference_of_means_if_features_are_uncorrelated():
    """Class 0 differs from all other classes in the first feature. Projections have variance 1 within each class."""
    corners = np.array([(x, y) for x in (-1, 1) for y in (-1, 1)], np.float32)
    centres = np.zeros((CLASSES, 2), np.float32)
    centres[0] = (6, 0)
    features = np.concatenate([corners + centre for centre in centres])
    labels = np.repeat(np.arange(CLASSES), len(corners))
    fitted, _ = discriminants.fit(features.copy(), labels, np.arange(len(labels)) % FOLDS, shrinkage=0.0)
    first, second = fitted.directions[:, 0] / fitted.scale  # for features that are not standardised
    assert first > 0 and abs(second) < 1e-4 * first
    within = features[labels == 0] @ np.array([first, second])
    assert within.var() == pytest.approx(1, rel=1e-2)
