"""Metrics and intervals, with results computed by hand."""

import numpy as np
import pandas as pd
import pytest

from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.evaluation import calibration_error, intervals, metrics, slices
from core.evaluation.scored_table import class_ids, probabilities_of
from core.models.scores import ClassScores


def table(true: list[str], predicted: list[str], confidence: list[float] | None = None) -> pd.DataFrame:
    """Return a scored table. All confidences are 0.5 if `confidence` is not given."""
    n = len(true)
    confidences = np.array(confidence or [0.5] * n, np.float32)
    # The other six emotions share the rest equally.
    shares = {
        f"p_{emotion}": np.where(np.array(predicted) == emotion, confidences, (1 - confidences) / 6).astype(np.float32)
        for emotion in EMOTIONS
    }
    return pd.DataFrame(
        {
            "true_label": pd.Categorical(true, dtype=EMOTION_DTYPE),
            "predicted_label": pd.Categorical(predicted, dtype=EMOTION_DTYPE),
            "confidence": confidences,
            "split": ["test"] * n,
            "usage": (["PublicTest", "PrivateTest"] * n)[:n],
            "leaked": ([True, False, False] * n)[:n],
            **shares,
        }
    )


FOUR_IMAGES = table(["happy", "happy", "sad", "sad"], ["happy", "sad", "sad", "sad"], [0.9, 0.6, 0.7, 0.8])
NO_IMAGES = FOUR_IMAGES.iloc[:0]


def test_confusion_has_true_labels_in_rows_and_keeps_absent_classes():
    counts = metrics.confusion(FOUR_IMAGES)
    assert counts.shape == (7, 7)
    assert counts.loc["happy", "sad"] == 1
    assert counts.loc["sad", "happy"] == 0
    assert counts.to_numpy().sum() == 4


def test_per_class_metrics_by_hand():
    rows = metrics.per_class(FOUR_IMAGES)
    assert rows.loc["happy", ["precision", "recall", "support"]].tolist() == [1.0, 0.5, 2]
    assert rows.loc["sad", "precision"] == pytest.approx(2 / 3)
    assert rows.loc["sad", "f1"] == pytest.approx(0.8)
    assert np.isnan(rows.loc["fear", "recall"]) and rows.loc["fear", "support"] == 0


@pytest.mark.parametrize("rows", [FOUR_IMAGES, NO_IMAGES, table(["sad"] * 3, ["fear", "fear", "sad"])])
def test_class_metrics_are_those_of_per_class_without_intervals(rows: pd.DataFrame):
    found = metrics.class_metrics(metrics.confusion(rows))
    pd.testing.assert_frame_equal(found, metrics.per_class(rows)[list(found.columns)], check_dtype=False)


def test_summary_by_hand():
    summary = metrics.summary(FOUR_IMAGES)
    assert summary.accuracy == 0.75
    assert summary.balanced_accuracy == 0.75
    assert summary.macro_f1 == pytest.approx((2 / 3 + 0.8) / 2)
    undefined = ClassScores(precision=None, recall=None, recall_ci=None, f1=None, support=0)
    assert summary.per_class["fear"] == undefined


def test_likelihood_and_brier_score_by_hand():
    arguments = probabilities_of(FOUR_IMAGES), class_ids(FOUR_IMAGES)[0]
    # The true labels have probabilities 0.9, 0.4 / 6, 0.7 and 0.8.
    assert metrics.negative_log_likelihood(*arguments) == pytest.approx(
        -np.log([0.9, 0.4 / 6, 0.7, 0.8]).mean(), rel=1e-5
    )
    # For each image, the sum of the squared probabilities of its six wrong labels.
    squares = [0.1**2 / 6, 0.6**2 + 5 * (0.4 / 6) ** 2, 0.3**2 / 6, 0.2**2 / 6]
    assert metrics.brier_score(*arguments) == pytest.approx(
        np.mean(np.array([0.1, 1 - 0.4 / 6, 0.3, 0.2]) ** 2 + squares), rel=1e-5
    )


def test_summary_of_no_images_has_none_for_every_metric():
    summary = metrics.summary(NO_IMAGES)
    assert summary.n == 0
    assert summary.accuracy is None and summary.accuracy_ci is None and summary.ece is None
    assert summary.nll is None and summary.brier is None
    assert summary.balanced_accuracy is None and summary.macro_f1 is None


def test_wilson_interval_of_a_published_example():
    # Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263, score method without continuity correction.
    low, high = intervals.wilson_interval(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_calibration_error_by_hand():
    # Four bins of one image each. Confidence and accuracy differ by 0.1, 0.6, 0.3 and 0.2.
    assert calibration_error.expected_calibration_error(FOUR_IMAGES) == pytest.approx(
        (0.1 + 0.6 + 0.3 + 0.2) / 4, abs=1e-6
    )


def test_reliability_puts_confidence_one_into_the_last_bin():
    per_bin = calibration_error.reliability(table(["sad"], ["sad"], [1.0]))
    assert per_bin["n"].tolist() == [0] * 14 + [1]
    assert per_bin["accuracy"].iloc[-1] == 1.0


def test_the_summaries_of_the_four_slices_of_cards_have_their_images():
    sizes = {name: scores.n for name, scores in slices.summaries(FOUR_IMAGES).items()}
    assert sizes == {"test": 4, "leak_free": 2, "public": 2, "private": 2}


def test_top_2_accuracy_by_hand():
    rows = [[0.5, 0.3, 0.2, 0, 0, 0, 0], [0.2, 0.5, 0.3, 0, 0, 0, 0], [0.1, 0.2, 0.3, 0.4, 0, 0, 0]]
    scored = table(["angry", "angry", "fear"], ["angry", "disgust", "happy"])
    scored[list(PROBABILITY_COLUMNS)] = np.array(rows, np.float32)
    assert metrics.top_k_accuracy(scored) == pytest.approx(2 / 3)  # the second image's label is third
    assert [metrics.top_k_accuracy(scored, k) for k in (1, 3)] == pytest.approx([1 / 3, 1])
    assert np.isnan(metrics.top_k_accuracy(scored.iloc[:0]))


def test_top_2_accuracy_equals_that_of_a_loop_that_ranks_later_emotions_first_among_equals():
    generator = np.random.default_rng(0)
    true = generator.choice(EMOTIONS, 300).tolist()
    scored = table(true, true)
    # Probabilities in tenths, so that many are equal.
    scored[list(PROBABILITY_COLUMNS)] = generator.multinomial(10, [1 / 7] * 7, 300).astype(np.float32) / 10
    hits = []
    for row, label in enumerate(true):
        values = [(scored[f"p_{emotion}"][row], position) for position, emotion in enumerate(EMOTIONS)]
        hits.append(EMOTIONS.index(label) in {position for _, position in sorted(values)[-2:]})
    assert metrics.top_k_accuracy(scored) == pytest.approx(np.mean(hits))


def test_percentile_intervals_of_several_statistics_ignore_nan_and_equal_those_of_each():
    samples = np.random.default_rng(0).normal(size=(400, 3))
    samples[::3, 1] = np.nan
    samples[:, 2] = np.nan
    low, high = intervals.percentile_intervals(samples)
    kept = np.sort(samples[~np.isnan(samples[:, 1]), 1])
    rank = 0.025 * (len(kept) - 1)
    expected = kept[int(rank)] + (rank % 1) * (kept[int(rank) + 1] - kept[int(rank)])
    assert low[1] == pytest.approx(expected)
    assert (low[0], high[0]) == pytest.approx(np.percentile(samples[:, 0], [2.5, 97.5]))
    assert np.isnan([low[2], high[2]]).all()
