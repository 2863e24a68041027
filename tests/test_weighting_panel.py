"""What class weighting does, in words and figures."""

from dataclasses import replace

import pytest

from core import comparison, metrics
from core.artifacts import read_card
from core.dataset import load_manifest
from core.evaluation import scored_predictions
from dashboard import tables, weighting_panel

PLAIN = read_card("cnn-seed-augmented")
WEIGHTED = replace(PLAIN, name="weighted", recipe=PLAIN.recipe | {"class_weights": "balanced"})
OTHER = replace(WEIGHTED, name="other", recipe=WEIGHTED.recipe | {"dropout": 0.4})
TREES = read_card("catboost")


def test_twins_differ_in_the_weights_only():
    assert weighting_panel.twins([PLAIN, WEIGHTED, OTHER, TREES]) == [(PLAIN, WEIGHTED)]
    assert weighting_panel.twins([PLAIN, OTHER, TREES]) == []


def entry(delta, low, high):
    return {"delta": delta, "low": low, "high": high}


def test_only_classes_whose_interval_leaves_zero_out_are_named():
    recall = dict.fromkeys(PLAIN.classes, entry(0.01, -0.02, 0.04))
    recall |= {"disgust": entry(0.2, 0.1, 0.3), "happy": entry(-0.03, -0.05, -0.01)}
    deltas = {"accuracy": entry(-0.01, -0.02, -0.005), "macro_f1": entry(0.0, -0.1, 0.1), "recall": recall}
    deltas["balanced_accuracy"] = entry(0.03, 0.01, 0.05)
    story = weighting_panel.story(PLAIN, WEIGHTED, deltas)
    assert "rises for disgust (+20.0) and falls for happy (−3.0); accuracy changes by −1.0 (−2.0 to −0.5)" in story
    assert "mean recall of the classes by +3.0 (+1.0 to +5.0)" in story
    assert "all classes weigh the same" in story
    deltas["recall"] = dict.fromkeys(PLAIN.classes, entry(0.0, -0.1, 0.1))
    assert "rises for none and falls for none" in weighting_panel.story(PLAIN, WEIGHTED, deltas)


@pytest.mark.parametrize("emotion", ["disgust", "happy"])
def test_the_table_has_each_class_with_its_figures(emotion):
    manifest = load_manifest()
    scored = [metrics.slice_rows(scored_predictions(name, manifest), "test") for name in ("cnn-seed", PLAIN.name)]
    deltas = comparison.paired_bootstrap(comparison.pair(scored[1], scored[0]), resamples=20)["recall"]
    rows = weighting_panel.in_words(tables.per_class_pair(*scored), deltas).set_index("Emotion")
    assert len(rows) == 7
    plain, weighted = (metrics.per_class(table).loc[emotion, "recall"] for table in scored)
    assert rows.loc[emotion, "Recall plain"] == f"{100 * plain:.1f} %"
    assert rows.loc[emotion, "Recall weighted"] == f"{100 * weighted:.1f} %"
    assert rows.loc[emotion, "Recall, difference"].startswith(f"{100 * (weighted - plain):+.1f}".replace("-", "−"))
