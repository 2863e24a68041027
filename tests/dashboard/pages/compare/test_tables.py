"""The Compare page's tables, on screen and as CSV, and its verdict."""

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
def test_the_verdict_needs_an_interval_without_zero(low: float, high: float, expected: str) -> None:
    assert expected in words.verdict(("one", "two"), Difference(0, low, high))


def test_a_side_is_a_scored_table(pairs: pd.DataFrame) -> None:
    assert correct(comparison.side(pairs, "b")).tolist() == pairs["correct_b"].tolist()


def test_row_shares_add_up() -> None:
    counts = pd.DataFrame([[3, 1], [0, 0]], index=["x", "y"], columns=["x", "y"])
    shares = metrics.row_shares(counts)
    assert shares.loc["x"].tolist() == [0.75, 0.25]
    assert shares.loc["y"].isna().all()


def test_precision_has_its_own_interval(pairs: pd.DataFrame) -> None:
    table = metrics.per_class(comparison.side(pairs, "a"))
    assert table["predicted"].sum() == len(pairs)
    known = table.dropna()
    assert (known["precision_low"] <= known["precision"]).all()
    assert (known["precision"] <= known["precision_high"]).all()


def test_classes_in_words(pairs: pd.DataFrame) -> None:
    classes = comparison.per_class_pair(comparison.side(pairs, "a"), comparison.side(pairs, "b"))
    in_words = tables.per_class_in_words(classes, comparison.paired_bootstrap(pairs, resamples=20).recall)
    assert list(in_words["Emotion"]) == list(EMOTIONS)
    assert in_words["Images"].tolist() == ["4"] * 7
    assert " to " in in_words["Recall A"][0]


def test_agreement_in_words() -> None:
    counts = pd.DataFrame([[1000, 2], [3, 4]], index=[True, False], columns=[True, False])
    assert tables.agreement_in_words(counts).to_numpy().tolist() == [
        ["A is right", "1,000", "2"],
        ["A is wrong", "3", "4"],
    ]


def test_csv_of_both_matrices(pairs: pd.DataFrame) -> None:
    counts = tuple(metrics.confusion(comparison.side(pairs, side)) for side in "ab")
    table = csv_tables.confusion(MODELS, counts)
    assert len(table) == 2 * 49
    row = table[(table["model"] == "bad") & (table["true_label"] == "fear") & (table["predicted_label"] == "sad")]
    assert row["count"].item() == counts[1].loc["fear", "sad"]


def test_csv_of_the_comparison(pairs: pd.DataFrame) -> None:
    summaries = tuple(metrics.summary(comparison.side(pairs, side)) for side in "ab")
    differences = comparison.paired_bootstrap(pairs, resamples=20)
    table = csv_tables.comparison(MODELS, summaries, differences, comparison.mcnemar(pairs))
    accuracy = table.iloc[0]
    assert accuracy["a"] - accuracy["b"] == pytest.approx(accuracy["a_minus_b"])
    assert list(table["figure"]) == ["accuracy", "macro_f1", "balanced_accuracy"]
    assert table["mcnemar_p"].notna().tolist() == [True, False, False]  # of right and wrong answers alone
