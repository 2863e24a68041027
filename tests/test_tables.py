"""Tables as pages show them and as CSV, and the words for numbers."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from core import artifacts, comparison, evaluation, metrics
from core.dataset import load_manifest
from core.emotions import EMOTIONS
from dashboard import csv_tables, html_table, tables, wording
from tests.fake_models import write_model

MODELS = ("good", "bad")


@pytest.fixture
def cards(shipped: Path) -> dict[str, artifacts.Card]:
    write_model("bad", skill=0.5, seed=1)
    write_model("good", skill=4, seed=2)
    return {name: artifacts.read_card(name) for name in ("bad", "good")}


@pytest.fixture
def pairs(cards: dict) -> pd.DataFrame:
    manifest = load_manifest()
    scored = [evaluation.scored_predictions(name, manifest) for name in MODELS]
    return metrics.slice_rows(comparison.pair(*scored), "test")


class TestWords:
    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            (wording.percent(0.62544), "62.5 %"),
            (wording.percent(None), "–"),
            (wording.percent(float("nan")), "–"),
            (wording.number(0.12345), "0.123"),
            (wording.number(None), "–"),
            (wording.percent_with_interval(0.625, [0.61, 0.644]), "62.5 % (61.0 to 64.4)"),
            (wording.percent_with_interval(None, None), "–"),
            (wording.points(-0.0312), "−3.1"),
            (wording.points_with_interval({"delta": 0.03, "low": -0.01, "high": 0.07}), "+3.0 (−1.0 to +7.0)"),
            (wording.p_value(0.00001), "p < 0.001"),
            (wording.p_value(0.25), "p = 0.250"),
            (wording.size(2_517_244), "2.5 MB"),
            (wording.duration(3723), "1 h 2 min 3 s"),
            (wording.duration(0.2), "0 s"),
        ],
    )
    def test_numbers(self, said: str, expected: str) -> None:
        assert said == expected

    @pytest.mark.parametrize(
        ("low", "high", "expected"),
        [(0.1, 0.2, "**one** is the more accurate"), (-0.2, -0.1, "**two** is the more"), (-0.1, 0.1, "includes zero")],
    )
    def test_the_verdict_needs_an_interval_without_zero(self, low: float, high: float, expected: str) -> None:
        assert expected in wording.verdict(("one", "two"), {"delta": 0, "low": low, "high": high})


class TestCards:
    def test_best_model_comes_first(self, cards: dict) -> None:
        assert list(tables.overview(cards)["Model"]) == ["good", "bad"]

    def test_a_card_without_scores_is_shown_with_dashes(self, cards: dict) -> None:
        bare = {"bare": artifacts.Card(**{**vars(cards["good"]), "name": "bare", "scores": {}})}
        assert tables.overview(bare)["All test images"].item() == "–"
        assert tables.slice_scores(bare["bare"])["Images"].tolist() == ["0"] * 4
        assert len(tables.accuracies(bare)) == 0
        assert len(csv_tables.scores(bare)) == 0

    def test_recipe_is_flat_and_in_words(self, cards: dict) -> None:
        table = tables.recipe(cards["good"]).set_index("Hyperparameter")
        recipe = table["Value"]
        assert recipe["augmentation.flip"] == "yes"
        assert recipe["learning_rate"] == "0.001"
        assert "mirror image" in table.loc["augmentation.flip", "Meaning"]

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (0, "0"),
            (1, "1"),
            (True, "yes"),
            (False, "no"),
            (1.0, "1"),
            ([], "none"),
            ("", "none"),
            ([[1, 2], [3]], "(1, 2), (3)"),
        ],
    )
    def test_a_number_is_not_taken_for_yes_or_no(self, cards: dict, value: object, expected: str) -> None:
        card = replace(cards["good"], recipe={"hidden": value})
        assert tables.recipe(card)["Value"].item() == expected

    def test_scores_as_csv(self, cards: dict) -> None:
        table = csv_tables.scores(cards)
        assert len(table) == 2 * len(metrics.SLICES)
        assert (table["accuracy_low"] <= table["accuracy"]).all()


class TestComparison:
    def test_a_side_is_a_scored_table(self, pairs: pd.DataFrame) -> None:
        assert metrics.correct(tables.side(pairs, "b")).tolist() == pairs["correct_b"].tolist()

    def test_row_shares_add_up(self) -> None:
        counts = pd.DataFrame([[3, 1], [0, 0]], index=["x", "y"], columns=["x", "y"])
        shares = tables.row_shares(counts)
        assert shares.loc["x"].tolist() == [0.75, 0.25]
        assert shares.loc["y"].isna().all()

    def test_precision_has_its_own_interval(self, pairs: pd.DataFrame) -> None:
        table = tables.per_class(tables.side(pairs, "a"))
        assert table["predicted"].sum() == len(pairs)
        known = table.dropna()
        assert (known["precision_low"] <= known["precision"]).all()
        assert (known["precision"] <= known["precision_high"]).all()

    def test_classes_in_words(self, pairs: pd.DataFrame) -> None:
        classes = tables.per_class_pair(tables.side(pairs, "a"), tables.side(pairs, "b"))
        words = tables.per_class_in_words(classes, comparison.paired_bootstrap(pairs, resamples=20)["recall"])
        assert list(words["Emotion"]) == list(EMOTIONS)
        assert words["Images"].tolist() == ["4"] * 7
        assert " to " in words["Recall A"][0]

    def test_agreement_in_words(self) -> None:
        counts = pd.DataFrame([[1000, 2], [3, 4]], index=[True, False], columns=[True, False])
        assert tables.agreement_in_words(counts).to_numpy().tolist() == [
            ["A is right", "1,000", "2"],
            ["A is wrong", "3", "4"],
        ]

    def test_csv_of_both_matrices(self, pairs: pd.DataFrame) -> None:
        counts = tuple(metrics.confusion(tables.side(pairs, side)) for side in "ab")
        table = csv_tables.confusion(MODELS, counts)
        assert len(table) == 2 * 49
        row = table[(table["model"] == "bad") & (table["true_label"] == "fear") & (table["predicted_label"] == "sad")]
        assert row["count"].item() == counts[1].loc["fear", "sad"]

    def test_csv_of_the_comparison(self, pairs: pd.DataFrame) -> None:
        summaries = tuple(metrics.summary(tables.side(pairs, side)) for side in "ab")
        delta = comparison.paired_bootstrap(pairs, resamples=20)
        table = csv_tables.comparison(MODELS, summaries, delta, comparison.mcnemar(pairs))
        accuracy = table.iloc[0]
        assert accuracy["a"] - accuracy["b"] == pytest.approx(accuracy["a_minus_b"])
        assert list(table["figure"]) == ["accuracy", "macro_f1", "balanced_accuracy"]
        assert table["mcnemar_p"].notna().tolist() == [True, False, False]  # of right and wrong answers alone


class TestHtml:
    def test_text_is_escaped_and_the_first_column_names_the_rows(self) -> None:
        html = html_table.as_html(pd.DataFrame({"Model": ["<script>"], "n": ["1"]}))
        assert '<th scope="row">&lt;script&gt;</th><td>1</td>' in html
        assert '<th scope="col">Model</th>' in html

    def test_no_rows(self) -> None:
        assert "<tbody></tbody>" in html_table.as_html(pd.DataFrame({"Model": []}))
