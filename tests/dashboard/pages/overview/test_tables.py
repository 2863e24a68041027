"""The Overview page's tables, on screen and as CSV."""

from dataclasses import replace

from core.evaluation.slices import SLICES
from core.models.card import Card
from dashboard.pages.overview import tables


def test_best_model_comes_first(cards: dict[str, Card]) -> None:
    assert list(tables.overview(tables.best_first(cards))["Model"]) == ["good", "bad"]


def test_a_card_without_scores_has_dashes_and_comes_last(cards: dict[str, Card]) -> None:
    bare = replace(cards["good"], name="bare", scores={})
    assert tables.overview([bare])["All test images"].item() == "–"
    assert len(tables.accuracies([bare])) == 0
    assert len(tables.scores([bare])) == 0
    assert [card.name for card in tables.best_first({"bare": bare, **cards})] == ["good", "bad", "bare"]


def test_the_csv_of_scores_has_one_row_per_model_and_slice(cards: dict[str, Card]) -> None:
    table = tables.scores(tables.best_first(cards))
    assert len(table) == 2 * len(SLICES)
    assert (table["accuracy_low"] <= table["accuracy"]).all()
