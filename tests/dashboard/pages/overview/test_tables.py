"""The Overview page's tables, on screen and as CSV, and their order."""

from dataclasses import replace

import pytest

from core.evaluation.slices import CARD_SLICES
from core.models.card import Card
from dashboard.pages.overview import tables


def names(cards: list[Card]) -> list[str]:
    return [card.name for card in cards]


def test_best_model_comes_first(cards: dict[str, Card]) -> None:
    assert list(tables.overview(tables.sorted_by("Accuracy", cards))["Model"]) == ["good", "bad"]


@pytest.mark.parametrize(
    ("order", "expected"), [("Size", ["bad", "good"]), ("ms per face", ["good", "bad"]), ("Name", ["bad", "good"])]
)
def test_the_smallest_fastest_or_alphabetically_first_model_comes_first(order, expected, cards) -> None:
    changed = {
        "good": replace(cards["good"], size_bytes=9, ms_per_face=1.0),
        "bad": replace(cards["bad"], size_bytes=8, ms_per_face=2.0),
    }
    assert names(tables.sorted_by(order, changed)) == expected


@pytest.mark.parametrize("order", tables.SORTINGS)
def test_every_order_keeps_all_models_and_accepts_cards_without_scores(order: str, cards: dict[str, Card]) -> None:
    bare = replace(cards["good"], name="bare", scores={})
    assert sorted(names(tables.sorted_by(order, {"bare": bare, **cards}))) == ["bad", "bare", "good"]


def test_a_card_without_scores_has_dashes_and_comes_last(cards: dict[str, Card]) -> None:
    bare = replace(cards["good"], name="bare", scores={})
    assert tables.overview([bare])["All test images"].item() == "–"
    assert len(tables.points([bare])) == 0
    assert len(tables.scores([bare])) == 0
    assert names(tables.sorted_by("Accuracy", {"bare": bare, **cards})) == ["good", "bad", "bare"]


def test_points_have_percentages_megabytes_and_texts_and_leave_out_models_without_a_size(cards) -> None:
    card = replace(cards["bad"], size_bytes=2_400_000)
    points = tables.points([card, replace(card, name="empty", size_bytes=0)])
    assert list(points["model"]) == ["bad"]
    assert points["accuracy"].item() == pytest.approx(100 * card.score("test").accuracy)
    assert points["low"].item() < points["accuracy"].item() < points["high"].item()
    assert (points["megabytes"].item(), points["size"].item()) == (2.4, "2.4 MB")
    assert list(tables.point_texts(points)) == ["Model", "Kind", "Size", "All test images"]


def test_points_without_intervals_are_numbers(cards: dict[str, Card]) -> None:
    card = cards["good"]
    scores = {name: replace(score, accuracy_ci=None) for name, score in card.scores.items()}
    assert tables.points([replace(card, scores=scores)])["low"].isna().all()


def test_the_csv_of_scores_has_one_row_per_model_and_slice(cards: dict[str, Card]) -> None:
    table = tables.scores(tables.sorted_by("Accuracy", cards))
    assert len(table) == 2 * len(CARD_SLICES)
    assert (table["accuracy_low"] <= table["accuracy"]).all()
