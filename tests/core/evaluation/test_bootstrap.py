"""The bootstrap against its textbook form, sklearn's metrics, and simulated models whose true metrics are known."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

from core.emotions import EMOTIONS
from core.evaluation import bootstrap, comparison, metrics
from core.evaluation.intervals import percentile_intervals
from tests.core.evaluation import simulated

BOTH = ["predicted_label_a", "predicted_label_b"]


@pytest.fixture(scope="module")
def pairs() -> pd.DataFrame:
    return simulated.simulated_pairs(150, np.random.default_rng(0))


def drawn_clusters(pairs: pd.DataFrame, resamples: int) -> np.ndarray:
    """Draw clusters of equal images one by one; return both models' confusion counts, (resamples, 2, 49)."""
    generator = np.random.default_rng(1)
    groups = [rows for _, rows in pairs.groupby("duplicate_group")]
    counts = np.zeros((len(groups), 2, 49))
    for cluster, rows in enumerate(groups):
        for model, column in enumerate(BOTH):
            for true, predicted in zip(rows["true_label"], rows[column], strict=True):
                counts[cluster, model, 7 * EMOTIONS.index(true) + EMOTIONS.index(predicted)] += 1
    return np.stack([counts[generator.integers(0, len(groups), len(groups))].sum(axis=0) for _ in range(resamples)])


def test_samples_have_the_distribution_of_drawing_cluster_by_cluster(pairs):
    expected = drawn_clusters(pairs, 3000)
    found = np.stack(bootstrap.resampled_counts(pairs, BOTH, 3000), axis=1)
    differences = [bootstrap.metrics_of(c[:, 0]) - bootstrap.metrics_of(c[:, 1]) for c in (found, expected)]
    for name, ours, drawn in zip(bootstrap.METRICS, *(table.T for table in differences), strict=True):
        defined = [values[~np.isnan(values)] for values in (ours, drawn)]
        assert abs(len(defined[0]) - len(defined[1])) < 60, name
        assert ks_2samp(*defined).pvalue > 0.001, name
    for model in (0, 1):
        means = found[:, model].mean(axis=0), expected[:, model].mean(axis=0)
        assert np.allclose(*means, atol=5 * expected[:, model].std(axis=0).max() / 3000**0.5)


def test_each_resample_draws_as_many_clusters_as_there_are_and_both_models_share_them(pairs):
    a, b = bootstrap.resampled_counts(pairs, BOTH, 50)
    true_counts = [counts.reshape(50, 7, 7).sum(axis=2) for counts in (a, b)]
    assert np.array_equal(*true_counts)
    assert len(np.unique(a.sum(axis=1))) > 10  # clusters have different numbers of images
    singles = pairs.drop_duplicates("duplicate_group")
    assert set(bootstrap.resampled_counts(singles, BOTH, 50)[0].sum(axis=1)) == {150}


def test_metrics_of_counts_equal_those_of_sklearn_also_for_absent_classes():
    generator = np.random.default_rng(2)
    for classes in ([0, 1, 2, 3, 4, 5, 6], [1, 4], [2]):
        true, predicted = generator.choice(classes, 60), generator.choice([1, 3, 4], 60)
        counts = np.bincount(7 * true + predicted, minlength=49)[None]
        found = dict(zip(bootstrap.METRICS, bootstrap.metrics_of(counts)[0], strict=True))
        assert found["accuracy"] == pytest.approx(accuracy_score(true, predicted))
        balanced = recall_score(true, predicted, labels=sorted({*true}), average="macro", zero_division=0)
        assert found["balanced_accuracy"] == pytest.approx(balanced)
        occurring = sorted({*true, *predicted})
        assert found["macro_f1"] == pytest.approx(
            f1_score(true, predicted, labels=occurring, average="macro", zero_division=0)
        )
        options = {"labels": range(7), "average": None, "zero_division": np.nan}
        for metric, function in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
            ours = [found[name] for name in simulated.names(metric)]
            assert ours == pytest.approx(list(function(true, predicted, **options)), nan_ok=True), metric


def covers(low: float | np.ndarray, true: float | np.ndarray, high: float | np.ndarray) -> np.ndarray:
    return np.asarray((low <= true) & (true <= high))


def test_intervals_of_differences_contain_the_true_difference_in_95_of_100_simulations():
    generator = np.random.default_rng(0)
    true_a, true_b = simulated.true_metrics("a"), simulated.true_metrics("b")
    hits: dict[str, list[np.ndarray]] = {name: [] for name in true_a}
    for _ in range(200):
        found = comparison.paired_bootstrap(simulated.simulated_pairs(500, generator), resamples=500)
        for name, found_hits in hits.items():
            values = getattr(found, name)
            entries = list(values.values()) if isinstance(values, dict) else [values]
            low, high = (np.array([getattr(entry, end) for entry in entries]) for end in ("low", "high"))
            found_hits.append(covers(low, true_a[name] - true_b[name], high))
    coverage = {name: float(np.mean(found_hits)) for name, found_hits in hits.items()}
    assert all(0.92 <= share <= 0.98 for share in coverage.values()), coverage


def test_f1_intervals_of_one_model_contain_the_true_f1_in_95_of_100_simulations():
    generator = np.random.default_rng(1)
    true, is_f1 = simulated.true_metrics("a")["f1"], [name.startswith("f1_") for name in bootstrap.METRICS]
    hits, hits_without_copies = [], []
    for _ in range(200):
        table = simulated.simulated_pairs(500, generator)
        for found, used in ((hits, table), (hits_without_copies, table.drop(columns="duplicate_group"))):
            samples = bootstrap.metrics_of(bootstrap.resampled_counts(used, BOTH[:1], 300)[0])
            low, high = percentile_intervals(samples[:, is_f1])
            found.append(covers(low, true, high))
    assert 0.92 <= np.mean(hits) <= 0.98
    # Intervals that take copies for independent images are too narrow.
    assert np.mean(hits_without_copies) < 0.85


def test_per_class_has_the_f1_intervals_of_drawn_clusters(pairs):
    table = comparison.scored_table_of(pairs, "a")
    rows = metrics.per_class(table)
    samples = bootstrap.metrics_of(drawn_clusters(pairs, 2000)[:, 0])[:, -7:]
    for emotion, values in zip(EMOTIONS, samples.T, strict=True):
        low, high = np.nanpercentile(values, [2.5, 97.5])
        if rows.loc[emotion, "support"] >= 30:
            assert rows.loc[emotion, "f1_low"] == pytest.approx(low, abs=0.3 * np.nanstd(values))
            assert rows.loc[emotion, "f1_high"] == pytest.approx(high, abs=0.3 * np.nanstd(values))
    assert (rows["f1_low"].dropna() < rows["f1"][rows["f1_low"].notna()]).all()
    assert 2 <= rows["f1_low"].notna().sum() < 7


def test_emotions_with_few_images_have_no_interval_but_a_difference():
    true = np.array([0] * 29 + [1] * 30)
    same, generator = np.arange(59), np.random.default_rng(0)
    predicted = {"a": generator.choice([0, 1, 2], 59), "b": true}
    found = comparison.paired_bootstrap(simulated.table_of(true, predicted, same), resamples=50)
    for metric in (found.recall, found.f1):
        assert not np.isnan(metric["angry"].delta) and np.isnan([metric["angry"].low, metric["angry"].high]).all()
        assert metric["disgust"].low < metric["disgust"].delta < metric["disgust"].high
    predicted_counts = np.bincount(predicted["a"], minlength=7)
    assert predicted_counts[1] < 30  # model a predicts disgust too rarely for an interval of its precision
    assert not np.isnan(found.precision["disgust"].delta) and np.isnan(found.precision["disgust"].low)
    assert np.isnan(found.recall["fear"].delta) and np.isnan(found.precision["fear"].delta)
    assert found.accuracy.low < found.accuracy.delta < found.accuracy.high
