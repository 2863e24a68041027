"""The Models page's text and table about class weighting."""

from dataclasses import replace

import pytest

from core.data.shipped import load_manifest
from core.evaluation import comparison, metrics, slices
from core.evaluation.comparison import Difference, Differences
from core.evaluation.predictions import scored_predictions
from core.models.store import read_card
from dashboard.pages.models import weighting

PLAIN = read_card("cnn-seed-augmented")
WEIGHTED = replace(PLAIN, name="weighted", recipe=PLAIN.recipe | {"class_weights": "balanced"})
OTHER = replace(WEIGHTED, name="other", recipe=WEIGHTED.recipe | {"dropout": 0.4})
TREES = read_card("catboost")


def test_only_models_whose_recipes_differ_in_class_weights_alone_are_paired():
    assert weighting.plain_weighted_pairs([PLAIN, WEIGHTED, OTHER, TREES]) == [(PLAIN, WEIGHTED)]
    assert weighting.plain_weighted_pairs([PLAIN, OTHER, TREES]) == []


def test_only_emotions_whose_recall_interval_excludes_zero_are_named():
    recall = dict.fromkeys(PLAIN.classes, Difference(0.01, -0.02, 0.04))
    recall |= {"disgust": Difference(0.2, 0.1, 0.3), "happy": Difference(-0.03, -0.05, -0.01)}
    differences = Differences(
        accuracy=Difference(-0.01, -0.02, -0.005),
        macro_f1=Difference(0.0, -0.1, 0.1),
        balanced_accuracy=Difference(0.03, 0.01, 0.05),
        precision={},
        recall=recall,
        f1={},
    )
    text = weighting.changes_text(PLAIN, WEIGHTED, differences)
    assert "rises for disgust (+20.0) and falls for happy (−3.0); accuracy changes by −1.0 (−2.0 to −0.5)" in text
    assert "mean recall of the emotions by +3.0 (+1.0 to +5.0)" in text
    assert "all emotions count the same" in text
    unsure = replace(differences, recall=dict.fromkeys(PLAIN.classes, Difference(0.0, -0.1, 0.1)))
    assert "rises for none and falls for none" in weighting.changes_text(PLAIN, WEIGHTED, unsure)


@pytest.mark.parametrize("emotion", ["disgust", "happy"])
def test_the_table_has_both_recalls_of_each_emotion_and_their_difference(emotion):
    manifest = load_manifest()
    names = ("cnn-seed", "cnn-seed-augmented")  # two stored models, in place of a plain and a weighted one
    scored = [slices.slice_rows(scored_predictions(name, manifest), "test") for name in names]
    differences = comparison.paired_bootstrap(comparison.pair(scored[1], scored[0]), resamples=20).recall
    rows = weighting.format_by_emotion(comparison.per_class_pair(*scored), differences).set_index("Emotion")
    assert len(rows) == 7
    plain, weighted = (metrics.per_class(table).loc[emotion, "recall"] for table in scored)
    assert rows.loc[emotion, "Recall plain"] == f"{100 * plain:.1f} %"
    assert rows.loc[emotion, "Recall weighted"] == f"{100 * weighted:.1f} %"
    assert rows.loc[emotion, "Recall, difference"].startswith(f"{100 * (weighted - plain):+.1f}".replace("-", "−"))
