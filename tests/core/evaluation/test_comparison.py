"""Comparison of two models: results counted by hand, and those of independent implementations."""

import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats import contingency_tables

from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS
from core.evaluation import comparison, metrics
from core.evaluation.predictions import join_manifest, predictions_table
from tests.core.evaluation import simulated


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


def holm_by_steps(p_values: list[float]) -> list[float]:
    """Correct p-values as in Holm (1979): the smallest is tested at alpha / k, the next one at alpha / (k - 1), ..."""
    corrected, largest = dict.fromkeys(range(len(p_values)), 0.0), 0.0
    for step, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, p_values[place] * (len(p_values) - step)))
        corrected[place] = largest
    return list(corrected.values())


def test_recall_tests_equal_those_of_statsmodels_and_binomial_sums_for_each_emotion():
    pairs = simulated.simulated_pairs(200, np.random.default_rng(4))
    found = comparison.recall_tests(pairs)
    expected = []
    for emotion in EMOTIONS:
        rows = pairs[pairs["true_label"] == emotion]
        table = [[int(((rows["correct_a"] == a) & (rows["correct_b"] == b)).sum()) for b in (1, 0)] for a in (1, 0)]
        only_a, only_b = table[0][1], table[1][0]
        assert found.loc[emotion, ["n", "only_a", "only_b"]].tolist() == [len(rows), only_a, only_b]
        assert found.loc[emotion, "p_value"] == pytest.approx(contingency_tables.mcnemar(table, exact=True).pvalue)
        # The binomial distribution of a fair coin is symmetric: twice the smaller tail, at most 1.
        tosses = only_a + only_b
        tail = sum(math.comb(tosses, heads) for heads in range(min(only_a, only_b) + 1)) / 2**tosses
        expected.append(min(2 * tail, 1))
        assert found.loc[emotion, "p_value"] == pytest.approx(expected[-1])
    assert found["p_holm"].tolist() == pytest.approx(holm_by_steps(expected))
    assert comparison.mcnemar(pairs).only_a == found["only_a"].sum()


def test_emotions_without_images_have_no_p_value_and_do_not_count_as_tests(pairs):
    found = comparison.recall_tests(pairs)
    assert found["n"].tolist() == [0, 0, 2, 2, 0, 2, 0]
    assert found.index[found["p_value"].isna()].tolist() == ["angry", "disgust", "neutral", "surprise"]
    assert found["p_holm"].dropna().tolist() == [1, 1, 1]
    only_one = pd.concat([pairs[pairs["true_label"] == "happy"]] * 6)
    assert comparison.recall_tests(only_one).loc["happy", ["p_value", "p_holm"]].tolist() == [1 / 32, 1 / 32]
    assert comparison.recall_tests(pairs.iloc[:0])["p_holm"].isna().all()


@pytest.mark.parametrize("seed", range(5))
def test_holm_equals_the_correction_step_by_step_and_ignores_nan(seed):
    generator = np.random.default_rng(seed)
    p_values = generator.choice([1e-5, 0.003, 0.02, 0.02, 0.2, 0.7, 1.0], 7)
    expected = holm_by_steps(p_values.tolist())
    assert comparison.holm(p_values) == pytest.approx(expected)
    with_nan = np.insert(p_values, [0, 3, 7], np.nan)
    assert comparison.holm(with_nan) == pytest.approx(np.insert(expected, [0, 3, 7], np.nan), nan_ok=True)
    assert np.isnan(comparison.holm(np.full(7, np.nan))).all()


def test_kappa_equals_its_definition():
    pairs = simulated.simulated_pairs(300, np.random.default_rng(5))
    a, b = (pairs[f"predicted_label_{model}"].astype(str).tolist() for model in "ab")
    observed = sum(x == y for x, y in zip(a, b, strict=True)) / len(pairs)
    by_chance = sum(a.count(emotion) * b.count(emotion) for emotion in EMOTIONS) / len(pairs) ** 2
    assert 0.1 < comparison.kappa(pairs) < 0.9
    assert comparison.kappa(pairs) == pytest.approx((observed - by_chance) / (1 - by_chance))


def test_kappa_is_one_for_equal_labels_and_nan_if_there_is_only_one_label():
    same = comparison.pair(scored(PREDICTED_A, TRUE), scored(PREDICTED_A, TRUE))
    assert comparison.kappa(same) == 1
    assert np.isnan(comparison.kappa(same.iloc[:0]))
    assert np.isnan(comparison.kappa(comparison.pair(scored(["sad"] * 6, TRUE), scored(["sad"] * 6, TRUE))))


def test_confused_pairs_are_the_errors_of_both_models_the_most_frequent_first(pairs):
    counts = [metrics.confusion(comparison.scored_table_of(pairs, model)) for model in "ab"]
    found = comparison.confused_pairs(*counts)
    assert found.to_numpy().tolist() == [
        ["fear", "sad", 1, 1, 0.5, 0.5, 0],
        ["fear", "happy", 1, 0, 0.5, 0, 0.5],
        ["happy", "sad", 0, 1, 0, 0.5, -0.5],
        ["sad", "happy", 0, 1, 0, 0.5, -0.5],
    ]
    assert list(found) == ["true_label", "predicted_label", "a", "b", "share_a", "share_b", "delta"]
    assert comparison.confused_pairs(*(count * 0 for count in counts)).empty


def test_confused_pairs_contain_every_error_once():
    pairs = simulated.simulated_pairs(300, np.random.default_rng(6))
    counts = [metrics.confusion(comparison.scored_table_of(pairs, model)) for model in "ab"]
    found = comparison.confused_pairs(*counts)
    assert found[["a", "b"]].sum().tolist() == [int((~pairs[f"correct_{model}"]).sum()) for model in "ab"]
    assert found[["a", "b"]].sum(axis=1).is_monotonic_decreasing
    for row in found.itertuples():
        of_label = pairs[pairs["true_label"] == row.true_label]
        assert row.a == (of_label["predicted_label_a"] == row.predicted_label).sum()
        assert row.delta == pytest.approx((row.a - row.b) / len(of_label))
