"""The recipes: in which order they are trained, and what each model is for."""

import pytest

from core.classifiers.cnn.config import CnnConfig
from core.models.store import read_card
from core.recognition.recognizer import DEFAULT_MODELS
from core.training.recipes import RECIPES, Recipe, named_models, training_order


def of_role(role: str) -> set[str]:
    return {name for name, recipe in RECIPES.items() if recipe.role == role}


def test_each_model_is_trained_after_those_that_it_builds_on_and_the_one_that_calibrates_it():
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
def test_a_recipe_that_stands_before_what_it_needs_is_trained_after_it(later):
    assert training_order({"later": later, "first": Recipe("cnn", CnnConfig())}) == ["first", "later"]


def test_a_model_that_is_needed_and_not_asked_for_is_not_in_the_order():
    recipes = {name: RECIPES[name] for name in ("cnn", "cnn-student-2", "cnn-student-5")}
    assert training_order(recipes) == ["cnn-student-2", "cnn-student-5", "cnn"]


def test_the_leading_roles_are_given_to_these_models_alone():
    assert of_role("default") == {"cnn", "catboost"} == set(DEFAULT_MODELS)
    assert of_role("notebook") == {"cnn-seed", "catboost-seed"}
    assert of_role("lesson") == {"cnn-seed-augmented"}
    assert of_role("own") == set()


@pytest.mark.parametrize("name", RECIPES)
def test_a_shipped_card_has_the_role_of_its_recipe(name):
    assert read_card(name).role == RECIPES[name].role
