"""Figures whose answer can be counted by hand."""

import numpy as np
import pandas as pd
import pytest

from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS
from core.evaluation import calibration_error, intervals, metrics, slices
from core.evaluation.scored_table import class_ids, probabilities_of
from core.exceptions import InputError
from core.models.card import ClassScores


def table(true: list[str], predicted: list[str], confidence: list[float] | None = None) -> pd.DataFrame:
    n = len(true)
    sure = np.array(confidence or [0.5] * n, np.float32)
    # What the prediction leaves is shared by the other six.
    shares = {
        f"p_{emotion}": np.where(np.array(predicted) == emotion, sure, (1 - sure) / 6).astype(np.float32)
        for emotion in EMOTIONS
    }
    return pd.DataFrame(
        {
            "true_label": pd.Categorical(true, dtype=EMOTION_DTYPE),
            "predicted_label": pd.Categorical(predicted, dtype=EMOTION_DTYPE),
            "confidence": sure,
            "split": ["test"] * n,
            "usage": (["PublicTest", "PrivateTest"] * n)[:n],
            "leaked": ([True, False, False] * n)[:n],
            **shares,
        }
    )


FOUR = table(["happy", "happy", "sad", "sad"], ["happy", "sad", "sad", "sad"], [0.9, 0.6, 0.7, 0.8])
EMPTY = FOUR.iloc[:0]


def test_confusion_counts_true_in_rows_and_keeps_absent_classes():
    counts = metrics.confusion(FOUR)
    assert counts.shape == (7, 7)
    assert counts.loc["happy", "sad"] == 1
    assert counts.loc["sad", "happy"] == 0
    assert counts.to_numpy().sum() == 4


def test_per_class_figures_by_hand():
    rows = metrics.per_class(FOUR)
    assert rows.loc["happy", ["precision", "recall", "support"]].tolist() == [1.0, 0.5, 2]
    assert rows.loc["sad", "precision"] == pytest.approx(2 / 3)
    assert rows.loc["sad", "f1"] == pytest.approx(0.8)
    assert np.isnan(rows.loc["fear", "recall"]) and rows.loc["fear", "support"] == 0


def test_summary_by_hand():
    figures = metrics.summary(FOUR)
    assert figures.accuracy == 0.75
    assert figures.balanced_accuracy == 0.75
    assert figures.macro_f1 == pytest.approx((2 / 3 + 0.8) / 2)
    undefined = ClassScores(precision=None, recall=None, recall_ci=None, f1=None, support=0)
    assert figures.per_class["fear"] == undefined


def test_likelihood_and_brier_score_by_hand():
    answers = probabilities_of(FOUR), class_ids(FOUR)[0]
    # Truth got 0.9, 0.4 / 6, 0.7 and 0.8.
    assert metrics.negative_log_likelihood(*answers) == pytest.approx(
        -np.log([0.9, 0.4 / 6, 0.7, 0.8]).mean(), rel=1e-5
    )
    rest = [0.1**2 / 6, 0.6**2 + 5 * (0.4 / 6) ** 2, 0.3**2 / 6, 0.2**2 / 6]
    assert metrics.brier_score(*answers) == pytest.approx(
        np.mean(np.array([0.1, 1 - 0.4 / 6, 0.3, 0.2]) ** 2 + rest), rel=1e-5
    )


def test_summary_of_no_rows_is_empty_not_invented():
    figures = metrics.summary(EMPTY)
    assert figures.n == 0
    assert figures.accuracy is None and figures.accuracy_ci is None and figures.ece is None
    assert figures.nll is None and figures.brier is None


def test_wilson_interval_of_a_published_example():
    # Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263, score method without continuity correction.
    low, high = intervals.wilson_interval(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_calibration_error_by_hand():
    # Four bins of one image each: gaps .1, .6, .3, .2, each a quarter of the images.
    assert calibration_error.expected_calibration_error(FOUR) == pytest.approx((0.1 + 0.6 + 0.3 + 0.2) / 4, abs=1e-6)


def test_reliability_puts_a_full_confidence_into_the_last_bin():
    frame = calibration_error.reliability(table(["sad"], ["sad"], [1.0]))
    assert frame["n"].tolist() == [0] * 14 + [1]
    assert frame["accuracy"].iloc[-1] == 1.0


def test_slices_pick_their_rows():
    sizes = {name: len(slices.slice_rows(FOUR, name)) for name in slices.SLICES}
    assert sizes == {"test": 4, "leak_free": 2, "public": 2, "private": 2}


def test_an_unknown_slice_lists_the_right_ones():
    with pytest.raises(InputError, match="choose from test, leak_free, public, private"):
        slices.slice_rows(FOUR, "leakfree")
