"""The order in which recipes are trained, and the roles of the models."""

import pytest

from core.classifiers.cnn.config import CnnConfig
from core.models.store import read_card
from core.recognition.recognizer import DEFAULT_MODELS
from core.training.recipes import RECIPES, Recipe, models_needed_to_fit, training_order


def names_with_role(role: str) -> set[str]:
    return {name for name, recipe in RECIPES.items() if recipe.role == role}


def test_each_model_is_trained_after_the_models_that_its_recipe_names():
    order = training_order()
    assert sorted(order) == sorted(RECIPES)
    for name, recipe in RECIPES.items():
        needed = {*models_needed_to_fit(recipe), recipe.calibrated_by} - {""}
        assert needed <= set(order[: order.index(name)]), name


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe("cnn", CnnConfig(start="needed")),
        Recipe("cnn", CnnConfig(teachers=("needed",), views=1)),
        Recipe("cnn", CnnConfig(fit_on="train+val"), calibrated_by="needed"),
    ],
)
def test_a_recipe_listed_before_the_model_that_it_names_is_still_trained_after_it(recipe):
    recipes = {"dependent": recipe, "needed": Recipe("cnn", CnnConfig())}
    assert training_order(recipes) == ["needed", "dependent"]


def test_the_training_order_leaves_out_recipes_that_are_not_given():
    recipes = {name: RECIPES[name] for name in ("cnn", "cnn-student-2", "cnn-student-5")}
    assert training_order(recipes) == ["cnn-student-2", "cnn-student-5", "cnn"]


def test_the_roles_listed_first_on_pages_belong_to_these_recipes_and_none_has_the_role_own():
    assert names_with_role("default") == {"cnn", "catboost"} == set(DEFAULT_MODELS)
    assert names_with_role("notebook") == {"cnn-seed", "catboost-seed"}
    assert names_with_role("lesson") == {"cnn-seed-augmented"}
    assert names_with_role("own") == set()


@pytest.mark.parametrize("name", RECIPES)
def test_a_shipped_card_has_the_role_of_its_recipe(name):
    assert read_card(name).role == RECIPES[name].role
