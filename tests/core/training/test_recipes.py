"""The order in which recipes are trained, and the roles of their models."""

import pytest

from core.classifiers.cnn.config import CnnConfig
from core.models.store import read_card
from core.recognition.recognizer import DEFAULT_MODELS
from core.training.recipes import RECIPES, Recipe, named_models, training_order


def names_with_role(role: str) -> set[str]:
    return {name for name, recipe in RECIPES.items() if recipe.role == role}


def test_each_model_is_trained_after_the_models_it_needs():
    order = training_order()
    assert sorted(order) == sorted(RECIPES)
    for name, recipe in RECIPES.items():
        needed = {*named_models(recipe), recipe.calibrated_by} - {""}
        assert needed <= set(order[: order.index(name)]), name


@pytest.mark.parametrize(
    "later",
    [
        Recipe("cnn", CnnConfig(start="first")),
        Recipe("cnn", CnnConfig(teachers=("first",), views=1)),
        Recipe("cnn", CnnConfig(fit_on="train+val"), calibrated_by="first"),
    ],
)
def test_a_recipe_listed_before_the_model_it_needs_is_trained_after_it(later):
    assert training_order({"later": later, "first": Recipe("cnn", CnnConfig())}) == ["first", "later"]


def test_the_training_order_has_only_the_given_recipes():
    recipes = {name: RECIPES[name] for name in ("cnn", "cnn-student-2", "cnn-student-5")}
    assert training_order(recipes) == ["cnn-student-2", "cnn-student-5", "cnn"]


def test_models_with_a_leading_role():
    assert names_with_role("default") == {"cnn", "catboost"} == set(DEFAULT_MODELS)
    assert names_with_role("notebook") == {"cnn-seed", "catboost-seed"}
    assert names_with_role("lesson") == {"cnn-seed-augmented"}
    assert names_with_role("own") == set()


@pytest.mark.parametrize("name", RECIPES)
def test_a_shipped_card_has_the_role_of_its_recipe(name):
    assert read_card(name).role == RECIPES[name].role
