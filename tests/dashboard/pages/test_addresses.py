"""Saved links: choices in a page's address are applied, and new choices are written to it."""

from pathlib import Path

import numpy as np
import pytest

from core.benchmarks import robustness
from core.classifiers.base import LabelledFaces
from core.evaluation.errors import RANKINGS
from dashboard import keys
from dashboard.navigation import page
from tests.dashboard.pages.visiting import open_page
from tests.fixtures.fakes import FakeClassifier
from tests.fixtures.models import write_model

UNSURE_FIRST = RANKINGS["unsure"].title


@pytest.fixture
def three_models(shipped: Path) -> Path:
    """Write three models with enough errors for a second page of the Errors list. cnn also has a robustness.csv."""
    for seed, name in enumerate(("cnn", "catboost", "third")):
        write_model(name, skill=0, seed=seed)
    faces = LabelledFaces(np.zeros((12, 48, 48), np.uint8), np.full(12, 3))
    robustness.write_robustness("cnn", robustness.measure(FakeClassifier(answer="happy"), faces))
    return shipped


@pytest.mark.parametrize(
    ("url_path", "address", "chosen"),
    [
        ("compare", {"a": "catboost", "b": "third"}, {keys.MODEL_A: "catboost", keys.MODEL_B: "third"}),
        ("compare", {"slice": "Leak-free"}, {keys.SLICE: "leak_free"}),
        ("compare", {"cells": "Difference A − B"}, {keys.CELLS: "Difference A − B"}),
        ("compare", {"figure": "Precision"}, {keys.CLASS_METRIC: "precision"}),
        ("errors", {"true": "fear", "predicted": "sad"}, {keys.TRUE_LABEL: "fear", keys.PREDICTED_LABEL: "sad"}),
        ("errors", {"by": "B"}, {keys.WHOSE_LABEL: "B"}),
        ("errors", {"who": "only A"}, {keys.WHO_IS_WRONG: "only A"}),
        ("errors", {"order": "least confident error first"}, {keys.ORDER: UNSURE_FIRST}),
        ("errors", {"page": "2"}, {keys.PAGE_NUMBER: 2}),
        ("models", {"models": ["third", "cnn"]}, {keys.MODELS: ["third", "cnn"]}),
        ("models", {"corruption": "noise"}, {keys.CORRUPTION: "noise"}),
        ("dataset", {"fault": "Duplicates"}, {keys.ISSUE: "duplicates"}),
        ("photo", {"source": "Camera"}, {keys.PHOTO_SOURCE: "Camera"}),
    ],
    ids=str,
)
def test_saved_link_sets_the_choices_and_stays_in_the_address(url_path, address, chosen, three_models: Path) -> None:
    app = open_page(url_path, **address)
    assert not app.error
    assert {key: app.session_state[key] for key in chosen} == chosen
    assert app.query_params == address


@pytest.mark.parametrize("url_path", ["compare", "errors"])
def test_unknown_model_in_the_address_is_replaced_by_the_default(url_path: str, three_models: Path) -> None:
    app = open_page(url_path, a="nobody", b="third")
    assert (app.selectbox(keys.MODEL_A).value, app.selectbox(keys.MODEL_B).value) == ("cnn", "third")
    assert app.query_params == {"b": "third"}


@pytest.mark.parametrize(
    ("in_address", "chosen"), [("nobody", ["cnn", "catboost"]), (["nobody", "third"], ["third"]), ("", [])]
)
def test_unknown_models_in_the_address_are_ignored(in_address, chosen: list[str], three_models: Path) -> None:
    assert open_page("models", models=in_address).multiselect(keys.MODELS).value == chosen


def test_chosen_model_is_written_to_the_address_unless_it_is_the_default(three_models: Path) -> None:
    app = open_page("compare")
    assert app.query_params == {}
    app.selectbox(keys.MODEL_A).set_value("third").run()
    assert app.selectbox(keys.MODEL_A).value == "third"
    assert app.query_params == {"a": "third"}
    app.selectbox(keys.MODEL_A).set_value("cnn").run()
    assert app.selectbox(keys.MODEL_A).value == "cnn"
    assert app.query_params == {}  # the default is left out


def test_new_choice_replaces_the_model_in_the_address(three_models: Path) -> None:
    app = open_page("compare", a="third")
    app.selectbox(keys.MODEL_A).set_value("catboost").run()
    assert app.selectbox(keys.MODEL_A).value == "catboost"
    assert app.query_params == {"a": "catboost"}


def test_chosen_models_are_written_to_the_address_in_the_order_of_choice(three_models: Path) -> None:
    app = open_page("models")
    app.multiselect(keys.MODELS).set_value(["third", "cnn"]).run()
    assert app.query_params == {"models": ["third", "cnn"]}
    app.multiselect(keys.MODELS).set_value([]).run()
    assert app.query_params == {"models": ""}
    assert app.run().multiselect(keys.MODELS).value == []


def test_chosen_pair_carries_over_from_compare_to_errors(three_models: Path) -> None:
    app = open_page("compare", b="third")
    app.query_params.clear()  # the menu's links have no query parameters
    app.switch_page(page("errors").script).run()
    assert (app.selectbox(keys.MODEL_A).value, app.selectbox(keys.MODEL_B).value) == ("cnn", "third")
    assert app.query_params == {"b": "third"}
