"""The hyperparameters of the chosen models."""

from dataclasses import replace

import pytest

from core.classifiers import loading
from core.classifiers.configs import field_descriptions
from core.classifiers.families import CLASSIFIERS
from core.models import folders, store
from core.models.card import Card
from dashboard.pages.models import recipes


def test_nested_hyperparameters_are_listed_as_text_with_their_meaning(cards: dict[str, Card]) -> None:
    rows = {row.label: row for row in recipes.hyperparameters([cards["good"]])}
    assert rows["augmentation.flip"].cells == ("0.5",)
    assert rows["learning_rates"].cells == ("0.001",)
    assert "mirrored" in rows["augmentation.flip"].meaning


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
def test_the_value_of_a_hyperparameter_is_formatted_as_text(value: object, expected: str) -> None:
    assert recipes.flatten({"hidden": value}) == {"hidden": expected}


def test_only_values_that_differ_between_models_which_have_them_differ() -> None:
    seed, augmented, trees = map(store.read_card, ("cnn-seed", "cnn-seed-augmented", "catboost"))
    rows = {row.label: row for row in recipes.hyperparameters([seed, augmented, trees])}
    assert recipes.differs(rows["optimiser"]) and rows["optimiser"].cells[2] == "–"
    assert recipes.differs(rows["augmentation.flip"])
    assert recipes.has_several(rows["hidden"]) and not recipes.differs(rows["hidden"])
    assert not recipes.has_several(rows["depth"]) and not recipes.differs(rows["depth"])


def test_a_hyperparameter_that_an_older_card_lacks_has_its_default(cards: dict[str, Card]) -> None:
    older = replace(cards["good"], recipe={"epochs": [3]})
    values = recipes.recipe_values(older)
    assert values["epochs"] == "3" and values["mixup"] == "0"
    unknown = replace(older, family="martian")
    assert recipes.recipe_values(unknown) == {"epochs": "3"}


@pytest.mark.parametrize("family", CLASSIFIERS)
def test_every_hyperparameter_of_configs_and_cards_has_a_meaning(family: str) -> None:
    config = CLASSIFIERS[family].config_type
    known = field_descriptions(config)
    leaves = [name for name in known if not any(other.startswith(f"{name}.") for other in known)]
    assert leaves and all(known[name].endswith(".") for name in leaves)
    for name in folders.model_names():
        card = store.read_card(name)
        if card.family == family:
            assert set(card.recipe) <= set(known)
            assert loading.hyperparameter_descriptions(card) == known


def test_the_provenance_has_the_hash_of_the_weights(cards: dict[str, Card]) -> None:
    rows = {row.label: row.cells for row in recipes.provenance([cards["good"]])}
    assert rows["SHA-256 of the weights"] == ("0" * 64,)
    assert rows["Trained"] == ("2026-01-31, in 2 min 3 s",)
