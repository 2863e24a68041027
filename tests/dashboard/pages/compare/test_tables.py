"""The Compare page's tables on screen and as CSV, and its verdict on the more accurate model."""

from dataclasses import replace

import pandas as pd
import pytest

from core.emotions import EMOTIONS
from core.evaluation import metrics
from core.evaluation.comparison import Difference, scored_table_of
from core.evaluation.scored_table import correct
from core.evaluation.two_models import tables
from core.evaluation.two_models.figures import Comparison, Figures
from core.evaluation.two_models.verdict import verdict_on
from core.models.card import Card
from dashboard import resources
from dashboard.components.wording import DASH
from dashboard.pages.compare import csv_tables, words

MODELS = ("good", "bad")
BOTH = (True, True)


@pytest.fixture
def found(cards: dict[str, Card]) -> Comparison:
    result = resources.comparisons.compare(*MODELS, "test")
    assert result is not None
    return result


@pytest.fixture
def figures(cards: dict[str, Card]) -> Figures:
    return resources.comparisons.figures(*MODELS, "test")


@pytest.fixture
def pairs(cards: dict[str, Card]) -> pd.DataFrame:
    return resources.comparisons.rows(*MODELS, "test")


def with_difference(found: Comparison, low: float, high: float, images: int = 28_000) -> Comparison:
    """Return the comparison with another interval of the accuracies' difference, and enough images."""
    accuracy = Difference((low + high) / 2, low, high)
    return found._replace(differences=replace(found.differences, accuracy=accuracy), images=images)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.1, 0.2, "one beats two: {a} against {b}, by 15.0 points (10.0 to 20.0)"),
        (-0.2, -0.1, "two beats one: {b} against {a}, by 15.0 points (10.0 to 20.0)"),
        (-0.1, 0.1, "These images do not show which is more accurate: one {a}, two {b}"),
    ],
)
def test_verdict_names_a_model_only_if_the_interval_excludes_zero(found, figures, low, high, expected) -> None:
    a, b = (f"{100 * score.accuracy:.1f} %" for score in figures.scores)
    assert verdict_on(("one", "two"), with_difference(found, low, high)) == expected.format(a=a, b=b)


def test_a_small_slice_has_no_verdict_but_both_accuracies_and_their_number_of_images(found: Comparison) -> None:
    text = words.verdict_html(("one", "two"), "test", with_difference(found, 0.1, 0.2, images=29))
    assert "Too few images to say which model is more accurate: 29, at least 30" in text
    assert "beats" not in text
    assert "n = 29" in text and "accuracy A " in text and " to " in text


def test_a_model_is_not_more_accurate_than_itself(found: Comparison) -> None:
    assert "same model" in verdict_on(("one", "one"), with_difference(found, 0, 0))


def test_the_verdict_says_which_slices_it_is_about_and_escapes_names(found: Comparison) -> None:
    text = words.verdict_html(("<b>", "two"), "leak_free,dark", with_difference(found, 0.1, 0.2))
    assert "Leak-free, Dark" in text
    assert "&lt;b&gt; beats two" in text


def test_the_verdict_says_how_many_test_images_lack_predictions_of_a_model(found: Comparison) -> None:
    assert "lacks predictions" not in words.verdict_html(MODELS, "test", found)
    text = words.verdict_html(MODELS, "test", found._replace(unpredicted=3589))
    assert "A or B lacks predictions for 3,589 test images." in text


def test_scored_table_of_model_b_has_the_predictions_of_b(pairs: pd.DataFrame) -> None:
    assert correct(scored_table_of(pairs, "b")).tolist() == pairs["correct_b"].tolist()


def test_row_shares_sum_to_one_or_are_nan() -> None:
    counts = pd.DataFrame([[3, 1], [0, 0]], index=["x", "y"], columns=["x", "y"])
    shares = metrics.row_shares(counts)
    assert shares.loc["x"].tolist() == [0.75, 0.25]
    assert shares.loc["y"].isna().all()


def test_precision_is_within_its_interval_and_all_predictions_are_counted(pairs: pd.DataFrame) -> None:
    table = metrics.per_class(scored_table_of(pairs, "a"))
    assert table["predicted"].sum() == len(pairs)
    defined = table.dropna()
    assert (defined["precision_low"] <= defined["precision"]).all()
    assert (defined["precision"] <= defined["precision_high"]).all()


def test_per_class_table_has_one_row_per_emotion_with_intervals_of_recall(found, figures) -> None:
    formatted = tables.per_class_table(found, figures)
    assert list(formatted["Emotion"]) == list(EMOTIONS)
    assert formatted["Images"].tolist() == ["4"] * 7  # the synthetic FER2013 has 4 test images per emotion
    assert " to " in formatted["Recall A"][0]


def test_figures_of_the_probabilities_are_dashes_for_a_model_that_gives_labels_only(found, figures) -> None:
    table = tables.figures_table(MODELS, found, figures, (True, False)).set_index("Figure")
    for name in ("Top-2 accuracy", "ECE", "NLL", "Brier score"):
        assert table.loc[name, "A: good"] != DASH
        assert table.loc[name, "B: bad"] == DASH
    assert table.loc["Macro-F1", "B: bad"] != DASH


def test_confusion_csv_has_one_row_per_model_and_cell_with_its_count(found: Comparison) -> None:
    table = csv_tables.confusion(MODELS, found.counts)
    assert len(table) == 2 * 49
    row = table[(table["model"] == "bad") & (table["true_label"] == "fear") & (table["predicted_label"] == "sad")]
    assert row["count"].item() == found.counts[1].loc["fear", "sad"]


def test_comparison_csv_has_one_row_per_figure_and_the_mcnemar_test_for_accuracy_only(found, figures) -> None:
    table = csv_tables.comparison(MODELS, found, figures, BOTH).set_index("figure")
    accuracy = table.loc["accuracy"]
    assert accuracy["a"] - accuracy["b"] == pytest.approx(accuracy["a_minus_b"])
    assert list(table.index) == [
        *("accuracy", "macro_f1", "balanced_accuracy", "top2_accuracy", "ece", "nll", "brier", "kappa"),
    ]
    assert table["mcnemar_p"].notna().tolist() == [True] + 7 * [False]
    assert table.loc["nll", "b"] == figures.scores[1].nll


def test_comparison_csv_is_empty_where_a_model_without_probabilities_has_no_figure(found, figures) -> None:
    table = csv_tables.comparison(MODELS, found, figures, (False, True)).set_index("figure")
    for name in csv_tables.OF_PROBABILITIES:
        assert pd.isna(table.loc[name, "a"]) and not pd.isna(table.loc[name, "b"])


def test_classes_csv_has_the_differences_of_each_metric_and_does_not_change_the_shared_table(found, figures) -> None:
    columns = list(figures.classes.columns)
    table = csv_tables.classes(found, figures)
    assert list(figures.classes.columns) == columns
    of_fear = table[table["emotion"] == "fear"].set_index("model")
    for metric in ("recall", "precision", "f1"):
        a, b = of_fear[metric]["A"], of_fear[metric]["B"]
        assert of_fear[f"{metric}_a_minus_b"]["A"] == pytest.approx(a - b, nan_ok=True)
