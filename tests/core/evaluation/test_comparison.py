"""Comparison of two models on six images, with results counted by hand."""

import numpy as np
import pandas as pd
import pytest

from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS
from core.evaluation import comparison
from core.evaluation.predictions import join_manifest, predictions_table


def scored(predicted: list[str], true: list[str], groups: list[int] | None = None) -> pd.DataFrame:
    """Return a scored table with confidence 0.7; rows of one group are exact copies."""
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
A = ["happy", "happy", "sad", "sad", "sad", "happy"]
B = ["happy", "sad", "sad", "happy", "sad", "fear"]


@pytest.fixture
def pairs() -> pd.DataFrame:
    return comparison.pair(scored(A, TRUE), scored(B, TRUE))


def test_pair_has_the_columns_of_both_models(pairs):
    assert pairs["correct_a"].tolist() == [True, True, True, True, False, False]
    assert pairs["correct_b"].tolist() == [True, False, True, False, False, True]
    assert pairs["predicted_label_a"].tolist() == A and pairs["predicted_label_b"].tolist() == B
    assert {"p_happy_a", "p_happy_b", "confidence_a", "true_label"} <= set(pairs)


def test_pair_keeps_only_images_that_both_tables_have():
    assert len(comparison.pair(scored(A, TRUE), scored(B, TRUE).iloc[2:])) == 4


def test_pair_raises_an_error_for_a_repeated_image():
    twice = pd.concat([scored(A, TRUE), scored(A, TRUE)])
    with pytest.raises(pd.errors.MergeError):
        comparison.pair(scored(A, TRUE), twice)


def test_agreement_by_hand(pairs):
    table = comparison.agreement(pairs)
    assert table.to_numpy().tolist() == [[2, 2], [1, 1]]


def test_mcnemar_by_hand(pairs):
    # 2 against 1: the two-sided binomial test of 3 fair coin tosses gives 1.
    assert comparison.mcnemar(pairs) == comparison.McNemar(only_a=2, only_b=1, p_value=1.0)


def test_the_p_value_of_equal_models_is_one():
    same = comparison.pair(scored(A, TRUE), scored(A, TRUE))
    assert comparison.mcnemar(same).p_value == 1.0


def test_bootstrap_interval_contains_the_difference_and_is_repeatable(pairs):
    first = comparison.paired_bootstrap(pairs)
    assert first.accuracy.delta == pytest.approx(1 / 6)
    assert first.accuracy.low < 1 / 6 < first.accuracy.high
    assert first.recall["fear"].delta == pytest.approx(-0.5)
    assert np.isnan(first.recall["disgust"].delta)
    assert comparison.paired_bootstrap(pairs).accuracy == first.accuracy


def test_bootstrap_difference_of_equal_models_is_zero():
    same = comparison.pair(scored(A, TRUE), scored(A, TRUE))
    assert comparison.paired_bootstrap(same).accuracy == comparison.Difference(delta=0.0, low=0.0, high=0.0)


def test_bootstrap_draws_exact_copies_together():
    true, a, b = ["happy"] * 40, ["happy"] * 20 + ["sad"] * 20, ["sad"] * 40
    without_copies = comparison.paired_bootstrap(comparison.pair(scored(a, true), scored(b, true))).accuracy
    groups = [row // 10 for row in range(40)]  # four different images, ten copies each
    with_copies = comparison.paired_bootstrap(
        comparison.pair(scored(a, true, groups), scored(b, true, groups))
    ).accuracy
    assert with_copies.high - with_copies.low > 2 * (without_copies.high - without_copies.low)


def test_bootstrap_without_images_gives_nan(pairs):
    empty = comparison.paired_bootstrap(pairs.iloc[:0])
    assert np.isnan(empty.accuracy.delta)


def test_balanced_accuracy_ignores_absent_classes(pairs):
    from core.evaluation.comparison import scored_table_of
    from core.evaluation.metrics import balanced_accuracy

    a, b = (balanced_accuracy(scored_table_of(pairs, model)) for model in "ab")
    assert comparison.paired_bootstrap(pairs).balanced_accuracy.delta == pytest.approx(a - b)
