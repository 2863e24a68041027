"""The Compare page's tables, on screen and as CSV, its verdict on the more accurate model, and the metrics it uses."""

import pandas as pd
import pytest

from core.data.shipped import load_manifest
from core.emotions import EMOTIONS
from core.evaluation import comparison, metrics, slices
from core.evaluation.comparison import Difference
from core.evaluation.predictions import scored_predictions
from core.evaluation.scored_table import correct
from core.models.card import Card
from dashboard.pages.compare import csv_tables, tables, words

MODELS = ("good", "bad")


@pytest.fixture
def pairs(cards: dict[str, Card]) -> pd.DataFrame:
    manifest = load_manifest()
    scored = [scored_predictions(name, manifest) for name in MODELS]
    return slices.slice_rows(comparison.pair(*scored), "test")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.1, 0.2, "**one** is the more accurate"), (-0.2, -0.1, "**two** is the more"), (-0.1, 0.1, "includes zero")],
)
def test_verdict_names_a_model_only_if_the_interval_excludes_zero(low: float, high: float, expected: str) -> None:
    assert expected in words.verdict(("one", "two"), Difference(0, low, high))


def test_scored_table_of_model_b_has_the_predictions_of_b(pairs: pd.DataFrame) -> None:
    assert correct(comparison.scored_table_of(pairs, "b")).tolist() == pairs["correct_b"].tolist()


def test_row_shares_sum_to_one_or_are_nan() -> None:
    counts = pd.DataFrame([[3, 1], [0, 0]], index=["x", "y"], columns=["x", "y"])
    shares = metrics.row_shares(counts)
    assert shares.loc["x"].tolist() == [0.75, 0.25]
    assert shares.loc["y"].isna().all()


def test_precision_is_within_its_interval_and_all_predictions_are_counted(pairs: pd.DataFrame) -> None:
    table = metrics.per_class(comparison.scored_table_of(pairs, "a"))
    assert table["predicted"].sum() == len(pairs)
    defined = table.dropna()
    assert (defined["precision_low"] <= defined["precision"]).all()
    assert (defined["precision"] <= defined["precision_high"]).all()


def test_per_class_table_has_one_row_per_emotion_with_intervals_of_recall(pairs: pd.DataFrame) -> None:
    classes = comparison.per_class_pair(comparison.scored_table_of(pairs, "a"), comparison.scored_table_of(pairs, "b"))
    formatted = tables.per_class_table(classes, comparison.paired_bootstrap(pairs, resamples=20).recall)
    assert list(formatted["Emotion"]) == list(EMOTIONS)
    assert formatted["Images"].tolist() == ["4"] * 7  # the synthetic FER2013 has 4 test images per emotion
    assert " to " in formatted["Recall A"][0]


def test_agreement_table_names_its_rows_and_formats_its_counts() -> None:
    counts = pd.DataFrame([[1000, 2], [3, 4]], index=[True, False], columns=[True, False])
    assert tables.agreement_table(counts).to_numpy().tolist() == [
        ["A is right", "1,000", "2"],
        ["A is wrong", "3", "4"],
    ]


def test_confusion_csv_has_one_row_per_model_and_cell_with_its_count(pairs: pd.DataFrame) -> None:
    counts = tuple(metrics.confusion(comparison.scored_table_of(pairs, side)) for side in "ab")
    table = csv_tables.confusion(MODELS, counts)
    assert len(table) == 2 * 49
    row = table[(table["model"] == "bad") & (table["true_label"] == "fear") & (table["predicted_label"] == "sad")]
    assert row["count"].item() == counts[1].loc["fear", "sad"]


def test_comparison_csv_has_one_row_per_metric_and_the_mcnemar_test_for_accuracy_only(pairs: pd.DataFrame) -> None:
    summaries = tuple(metrics.summary(comparison.scored_table_of(pairs, side)) for side in "ab")
    differences = comparison.paired_bootstrap(pairs, resamples=20)
    table = csv_tables.comparison(MODELS, summaries, differences, comparison.mcnemar(pairs))
    accuracy = table.iloc[0]
    assert accuracy["a"] - accuracy["b"] == pytest.approx(accuracy["a_minus_b"])
    assert list(table["figure"]) == ["accuracy", "macro_f1", "balanced_accuracy"]
    assert table["mcnemar_p"].notna().tolist() == [True, False, False]
