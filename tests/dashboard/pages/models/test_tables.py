"""The tables of a model's card on the Models page."""

from dataclasses import replace

import pytest

from core.models.card import Card
from dashboard.pages.models import tables


def test_slices_of_a_card_without_scores_have_zero_images(cards: dict[str, Card]) -> None:
    bare = replace(cards["good"], name="bare", scores={})
    assert tables.slice_scores(bare)["Images"].tolist() == ["0"] * 4


def test_nested_hyperparameters_are_listed_as_text_with_their_meaning(cards: dict[str, Card]) -> None:
    table = tables.recipe(cards["good"]).set_index("Hyperparameter")
    recipe = table["Value"]
    assert recipe["augmentation.flip"] == "0.5"
    assert recipe["learning_rates"] == "0.001"
    assert "mirrored" in table.loc["augmentation.flip", "Meaning"]


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
def test_the_value_of_a_hyperparameter_is_formatted_as_text(
    cards: dict[str, Card], value: object, expected: str
) -> None:
    card = replace(cards["good"], recipe={"hidden": value})
    assert tables.recipe(card)["Value"].item() == expected
