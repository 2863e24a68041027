"""Comparison of two models on a few images, with results counted by hand."""

import numpy as np
import pandas as pd
import pytest

from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS
from core.evaluation import comparison, metrics
from core.evaluation.predictions import join_manifest, predictions_table


def scored(predicted: list[str], true: list[str], groups: list[int] | None = None) -> pd.DataFrame:
    """Return a scored table with confidence 0.7. Images with the same number in `groups` are exact copies."""
    ids = pd.Series([f"test/{label}/{row}" for row, label in enumerate(true)])
    manifest = pd.DataFrame(
        {
            "image_id": ids,
            "true_label": pd.Categorical(true, dtype=EMOTION_DTYPE),
            "duplicate_group": groups or list(range(len(true))),
        }
    )
    probabilities = np.full((len(true), 7), 0.05, np.float32)
    probabilities[range(len(true)), [EMOTIONS.index(label) for label in predicted]] = 0.7
    return join_manifest(predictions_table(ids, probabilities), manifest)


TRUE = ["happy", "happy", "sad", "sad", "fear", "fear"]
PREDICTED_A = ["happy", "happy", "sad", "sad", "sad", "happy"]
PREDICTED_B = ["happy", "sad", "sad", "happy", "sad", "fear"]


@pytest.fixture
def pairs() -> pd.DataFrame:
    return comparison.pair(scored(PREDICTED_A, TRUE), scored(PREDICTED_B, TRUE))


def test_pair_has_the_true_labels_and_the_prediction_columns_of_both_models(pairs):
    assert pairs["correct_a"].tolist() == [True, True, True, True, False, False]
    assert pairs["correct_b"].tolist() == [True, False, True, False, False, True]
    assert pairs["predicted_label_a"].tolist() == PREDICTED_A and pairs["predicted_label_b"].tolist() == PREDICTED_B
    assert {"p_happy_a", "p_happy_b", "confidence_a", "true_label"} <= set(pairs)


def test_pair_keeps_only_images_that_both_tables_have():
    assert len(comparison.pair(scored(PREDICTED_A, TRUE), scored(PREDICTED_B, TRUE).iloc[2:])) == 4


def test_pair_raises_an_error_for_a_repeated_image():
    twice = pd.concat([scored(PREDICTED_A, TRUE), scored(PREDICTED_A, TRUE)])
    with pytest.raises(pd.errors.MergeError):
        comparison.pair(scored(PREDICTED_A, TRUE), twice)


def test_agreement_by_hand(pairs):
    table = comparison.agreement(pairs)
    assert table.to_numpy().tolist() == [[2, 2], [1, 1]]


def test_mcnemar_by_hand(pairs):
    # The two-sided binomial test of 2 heads in 3 tosses of a fair coin gives 1.
    assert comparison.mcnemar(pairs) == comparison.McNemar(only_a=2, only_b=1, p_value=1.0)


def test_the_p_value_of_two_models_with_equal_predictions_is_one():
    same = comparison.pair(scored(PREDICTED_A, TRUE), scored(PREDICTED_A, TRUE))
    assert comparison.mcnemar(same).p_value == 1.0


def test_bootstrap_has_the_expected_differences_and_repeatable_intervals_and_nan_for_absent_classes(pairs):
    first = comparison.paired_bootstrap(pairs)
    assert first.accuracy.delta == pytest.approx(1 / 6)
    assert first.accuracy.low < 1 / 6 < first.accuracy.high
    assert first.recall["fear"].delta == pytest.approx(-0.5)
    assert np.isnan(first.recall["disgust"].delta)
    assert comparison.paired_bootstrap(pairs).accuracy == first.accuracy


def test_bootstrap_difference_of_two_models_with_equal_predictions_is_zero():
    same = comparison.pair(scored(PREDICTED_A, TRUE), scored(PREDICTED_A, TRUE))
    assert comparison.paired_bootstrap(same).accuracy == comparison.Difference(delta=0.0, low=0.0, high=0.0)


def test_bootstrap_draws_exact_copies_together():
    true, predicted_a, predicted_b = ["happy"] * 40, ["happy"] * 20 + ["sad"] * 20, ["sad"] * 40
    pairs = comparison.pair(scored(predicted_a, true), scored(predicted_b, true))
    without_copies = comparison.paired_bootstrap(pairs).accuracy
    groups = [row // 10 for row in range(40)]  # four different images, ten copies each
    pairs = comparison.pair(scored(predicted_a, true, groups), scored(predicted_b, true, groups))
    with_copies = comparison.paired_bootstrap(pairs).accuracy
    # With copies there are only 4 independent images, not 40, so the interval is wider.
    assert with_copies.high - with_copies.low > 2 * (without_copies.high - without_copies.low)


def test_bootstrap_without_images_gives_an_accuracy_difference_of_nan(pairs):
    empty = comparison.paired_bootstrap(pairs.iloc[:0])
    assert np.isnan(empty.accuracy.delta)


def test_bootstrap_and_metrics_agree_on_the_balanced_accuracy_with_absent_classes(pairs):
    a, b = (metrics.balanced_accuracy(comparison.scored_table_of(pairs, model)) for model in "ab")
    assert comparison.paired_bootstrap(pairs).balanced_accuracy.delta == pytest.approx(a - b)
