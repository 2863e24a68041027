"""Contributions of the parts of a face are exact Shapley values."""

from itertools import permutations
from types import SimpleNamespace

import numpy as np
import pytest

from core.classifiers.calibrated import Calibrated
from core.classifiers.loading import load_classifier
from core.emotions import EMOTIONS
from core.evaluation.attribution.contributions import (
    contribution_maps,
    has_contributions,
    known_parts,
    part_contributions,
    shapley_values,
)
from core.evaluation.attribution.methods import methods_for
from tests.core.evaluation.attribution.classifiers import face_with_square


class FakeTrees:
    """Trees whose feature k of part p is the mean level of the part, if p equals k modulo 7; scores are products."""

    parts_per_side = 2

    def part_features(self, face):
        means = face.reshape(2, 24, 2, 24).mean(axis=(1, 3)).ravel() / 100
        return (means[:, None] * (np.arange(7) == np.arange(4)[:, None])).astype(np.float32)

    def scores(self, features):
        scores = np.zeros((len(features), 7))
        scores[:, 0] = features[:, 0] * features[:, 1] + np.maximum(features[:, 2], 0.3)
        return scores


def values_over_all_orders(worth, players):
    """Return the mean change of the worth when a player joins, over all orders: the definition of Shapley's value."""
    values = np.zeros(players)
    orders = list(permutations(range(players)))
    for order in orders:
        known = 0
        for player in order:
            values[player] += worth[known | 1 << player] - worth[known]
            known |= 1 << player
    return values / len(orders)


@pytest.mark.parametrize("players", [1, 2, 5])
def test_values_equal_the_mean_change_over_all_orders(players):
    worths = np.random.default_rng(players).normal(size=(2**players, 3))
    expected = np.stack([values_over_all_orders(worths[:, game], players) for game in range(3)], axis=1)
    np.testing.assert_allclose(shapley_values(worths), expected, atol=1e-12)


def test_sixteen_players_of_an_additive_game_get_what_they_bring():
    shares = np.arange(16.0)
    np.testing.assert_allclose(shapley_values(known_parts(16) @ shares[:, None])[:, 0], shares, atol=1e-9)


def test_contributions_sum_to_the_score_of_the_face_minus_that_of_no_known_part():
    trees, face = FakeTrees(), face_with_square()
    values = part_contributions(trees, face)
    scores = trees.scores(np.stack([trees.part_features(face).sum(axis=0), np.zeros(7, np.float32)]))
    scores -= scores.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(values.sum(axis=0), scores[0] - scores[1], atol=1e-6)
    assert values[3] == pytest.approx(np.zeros(7))  # no score depends on the last part
    assert values[0] == pytest.approx(values[1], rel=0.2)  # they are multiplied, so each has about half


def test_a_map_spreads_the_contribution_of_each_part_over_its_pixels():
    face, trees = face_with_square(), FakeTrees()
    maps = contribution_maps(Calibrated(trees), face, ("sad", "angry"))
    assert maps.shape == (2, 48, 48)
    assert maps.dtype == np.float32
    parts = maps[1].reshape(2, 24, 2, 24)
    np.testing.assert_allclose(parts.sum(axis=(1, 3)).ravel(), part_contributions(trees, face)[:, 0], rtol=1e-5)
    assert np.ptp(parts, axis=(1, 3)) == pytest.approx(np.zeros((2, 2)))


def test_trees_with_too_many_parts_have_no_contributions():
    trees = FakeTrees()
    assert has_contributions(Calibrated(trees))
    trees.parts_per_side = 5
    assert not has_contributions(Calibrated(trees))
    assert not has_contributions(Calibrated(SimpleNamespace(predict_proba=None)))


def test_parts_of_the_shipped_trees_sum_to_their_features_and_scores_to_their_probabilities():
    classifier = load_classifier("catboost")
    trees, face = classifier.classifier, face_with_square()
    features = trees.features(face[None])
    np.testing.assert_allclose(trees.part_features(face).sum(axis=0), features[0], atol=1e-4)
    powers = np.exp(trees.scores(features)[0])
    np.testing.assert_allclose(powers / powers.sum(), trees.predict_proba(face[None])[0], atol=1e-6)
    values = part_contributions(trees, face)
    scores = trees.scores(np.concatenate([features, np.zeros_like(features)]))
    scores -= scores.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(values.sum(axis=0), scores[0] - scores[1], atol=1e-4)
    assert values.shape == (16, len(EMOTIONS))
    assert methods_for(classifier) == ("occlusion", "contributions")


def test_a_part_of_the_shipped_trees_adds_the_same_whatever_is_far_away():
    trees = load_classifier("catboost").classifier
    face = face_with_square()
    changed = face.copy()
    changed[:16, 28:] = 255 - changed[:16, 28:]
    before, after = trees.part_features(face), trees.part_features(changed)
    np.testing.assert_allclose(before[12], after[12], atol=1e-5)  # the lower left part
    assert np.abs(before[3] - after[3]).max() > 0.01  # the upper right part
