"""Curves against definitions that are computed image by image, and areas against the curves."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu

from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS
from core.evaluation import curves
from core.evaluation.predictions import predictions_table


def scored_table(
    n: int, seed: int, decimals: int = 6, classes: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
) -> pd.DataFrame:
    """Return a scored table of random probabilities that favour the true label; few decimals give equal ones."""
    generator = np.random.default_rng(seed)
    true = generator.choice(classes, n)
    logits = generator.normal(0, 1.5, (n, 7)) + 1.5 * np.eye(7)[true]
    powers = np.exp(logits)
    probabilities = (powers / powers.sum(axis=1, keepdims=True)).round(decimals).astype(np.float32)
    table = predictions_table(pd.Series([f"test/{row}" for row in range(n)]), probabilities)
    return table.assign(true_label=pd.Categorical.from_codes(true, dtype=EMOTION_DTYPE))


@pytest.fixture(params=[6, 1], ids=["different probabilities", "many equal probabilities"])
def table(request) -> pd.DataFrame:
    return scored_table(300, seed=0, decimals=request.param)


def one_vs_rest(table: pd.DataFrame, emotion: str) -> tuple[np.ndarray, np.ndarray]:
    return (table["true_label"] == emotion).to_numpy(), table[f"p_{emotion}"].to_numpy()


def rates_at(is_emotion: np.ndarray, scores: np.ndarray, threshold: float) -> tuple[float, float, float]:
    """Return false and true positive rate, and precision, if scores of at least the threshold count as positive."""
    positive = scores >= threshold
    hits = (positive & is_emotion).sum()
    return (positive & ~is_emotion).sum() / (~is_emotion).sum(), hits / is_emotion.sum(), hits / positive.sum()


def points_of(curve: pd.DataFrame, emotion: str) -> list[tuple[float, float]]:
    rows = curve[curve["emotion"] == emotion]
    return list(map(tuple, rows[list(curve)[1:]].to_numpy().round(12).tolist()))


def test_each_point_of_the_curves_belongs_to_a_threshold(table):
    roc, precision_recall = curves.roc(table, points=10_000), curves.precision_recall(table, points=10_000)
    for emotion in EMOTIONS:
        is_emotion, scores = one_vs_rest(table, emotion)
        rates = np.array([rates_at(is_emotion, scores, threshold) for threshold in np.unique(scores)]).round(12)
        assert set(points_of(roc, emotion)) <= {(0, 0), *map(tuple, rates[:, :2].tolist())}
        assert set(points_of(precision_recall, emotion)) <= {(0, 1), *map(tuple, rates[:, 1:].tolist())}
        assert points_of(roc, emotion)[0] == (0, 0) and points_of(roc, emotion)[-1] == (1, 1)
        assert points_of(precision_recall, emotion)[-1][0] == 1


def test_areas_equal_the_rank_statistic_and_the_mean_precision_at_the_found_images(table):
    areas = curves.areas(table)
    for emotion in EMOTIONS:
        is_emotion, scores = one_vs_rest(table, emotion)
        # The area under the ROC curve is the Mann-Whitney statistic: ties count half.
        statistic = mannwhitneyu(scores[is_emotion], scores[~is_emotion]).statistic
        assert areas.loc[emotion, "roc_auc"] == pytest.approx(statistic / is_emotion.sum() / (~is_emotion).sum())
        # Average precision: each image of the emotion counts with the precision at its own probability.
        precisions = [rates_at(is_emotion, scores, score)[2] for score in scores[is_emotion]]
        assert areas.loc[emotion, "average_precision"] == pytest.approx(np.mean(precisions))
    assert areas.loc["macro"].tolist() == pytest.approx(areas.loc[list(EMOTIONS)].mean().tolist())
    assert list(areas) == ["roc_auc", "average_precision"]


def test_thinned_curves_keep_their_ends_and_their_area():
    table = scored_table(7000, seed=1)
    areas = curves.areas(table)
    for curve, area in ((curves.roc(table), "roc_auc"), (curves.precision_recall(table), "average_precision")):
        x, y = list(curve)[1:]
        for emotion, rows in curve.groupby("emotion"):
            assert len(rows) <= curves.POINTS and (np.diff(rows[x]) >= 0).all()
            assert rows[x].iloc[[0, -1]].tolist() == [0, 1]
            assert np.trapezoid(rows[y], rows[x]) == pytest.approx(areas.loc[emotion, area], abs=0.003)


def test_emotions_that_no_image_or_every_image_has_are_left_out_and_their_areas_are_nan():
    table = scored_table(100, seed=2, classes=(1, 4))
    for curve in (curves.roc(table), curves.precision_recall(table)):
        assert list(curve["emotion"].unique()) == ["disgust", "neutral", "macro"]
    areas = curves.areas(table)
    assert areas.index[areas["roc_auc"].notna()].tolist() == ["disgust", "neutral", "macro"]
    for other in (scored_table(50, seed=3, classes=(2,)), table.iloc[:0]):
        assert curves.areas(other).isna().all(axis=None)
        assert curves.roc(other).empty and curves.precision_recall(other).empty
        assert list(curves.roc(other)) == ["emotion", "false_positive_rate", "true_positive_rate"]
        assert list(curves.precision_recall(other)) == ["emotion", "recall", "precision"]


def test_each_point_of_risk_and_coverage_counts_the_images_that_reach_its_confidence(table):
    curve = curves.risk_coverage(table, points=10_000)
    thresholds = sorted({float(value) for value in table["confidence"]}, reverse=True)
    assert curve["confidence"].tolist() == thresholds
    is_wrong = table["true_label"].astype(str) != table["predicted_label"].astype(str)
    for row in curve.itertuples():
        reach = table["confidence"] >= row.confidence
        assert row.coverage == pytest.approx(reach.mean())
        assert row.risk == pytest.approx(is_wrong[reach].mean())
    assert curve["coverage"].iloc[-1] == 1
    assert curve["risk"].iloc[-1] == pytest.approx(is_wrong.mean())


def test_the_area_under_risk_and_coverage_is_the_mean_risk_of_the_n_coverages():
    table = scored_table(300, seed=4)
    assert table["confidence"].is_unique
    ranked = table.sort_values("confidence", ascending=False)
    wrong = (ranked["true_label"].astype(str) != ranked["predicted_label"].astype(str)).tolist()
    expected = np.mean([sum(wrong[:k]) / k for k in range(1, 301)])
    assert curves.area_under_risk_coverage(table) == pytest.approx(expected)


def test_equal_confidences_give_the_same_curve_in_any_order():
    table = scored_table(300, seed=5, decimals=1)
    shuffled = table.sample(frac=1, random_state=0)
    pd.testing.assert_frame_equal(curves.risk_coverage(table), curves.risk_coverage(shuffled))
    assert curves.area_under_risk_coverage(table) == curves.area_under_risk_coverage(shuffled)
    same = table.assign(confidence=np.float32(0.5))
    assert curves.area_under_risk_coverage(same) == pytest.approx(curves.risk_coverage(same)["risk"].item())


def test_the_threshold_counts_labels_that_reach_it_as_certain():
    table = scored_table(4, seed=6).assign(
        true_label=pd.Categorical(["sad"] * 4, dtype=EMOTION_DTYPE),
        predicted_label=pd.Categorical(["sad", "sad", "fear", "fear"], dtype=EMOTION_DTYPE),
        confidence=np.array([0.9, 0.5, 0.5, 0.4], np.float32),
    )
    assert curves.at_threshold(table, 0.5) == curves.Selection(coverage=0.75, risk=pytest.approx(1 / 3))
    assert curves.at_threshold(table, 0.0) == curves.Selection(coverage=1.0, risk=0.5)
    none_certain = curves.at_threshold(table, 0.95)
    assert none_certain.coverage == 0 and np.isnan(none_certain.risk)


def test_the_point_at_the_threshold_lies_on_the_curve():
    table = scored_table(300, seed=7)
    selection = curves.at_threshold(table, 0.6)
    curve = curves.risk_coverage(table, points=10_000)
    certain = curve[curve["confidence"] >= 0.6].iloc[-1]
    assert (selection.coverage, selection.risk) == pytest.approx((certain["coverage"], certain["risk"]))


def test_without_images_there_is_no_risk():
    empty = scored_table(10, seed=8).iloc[:0]
    assert curves.risk_coverage(empty).empty
    assert np.isnan(curves.area_under_risk_coverage(empty))
    assert np.isnan(curves.at_threshold(empty, 0.5)).all()
