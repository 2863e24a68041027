"""Saved links: choices in a page's address are applied, and new choices are written to it."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from core.benchmarks import robustness
from core.classifiers.base import LabelledFaces
from core.evaluation.errors import RANKINGS
from core.evaluation.slices import SLICES
from dashboard import keys
from dashboard.components import pickers
from dashboard.navigation import page
from tests.dashboard.pages.visiting import open_page, unescaped
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
        ("compare", {"slice": "leak_free"}, {keys.SLICE: ["leak_free"]}),
        ("compare", {"slice": "leak_free,not_blank"}, {keys.SLICE: ["leak_free", "not_blank"]}),
        ("errors", {"slice": "private,emotion:fear"}, {keys.SLICE: ["private", "emotion:fear"]}),
        ("compare", {"cells": "Percent of the row"}, {keys.CELLS: "Percent of the row"}),
        ("compare", {"figure": "Precision"}, {keys.CLASS_METRIC: "Precision"}),
        ("errors", {"true": "fear", "predicted": "sad"}, {keys.TRUE_LABEL: "fear", keys.PREDICTED_LABEL: "sad"}),
        ("errors", {"by": "B"}, {keys.WHOSE_LABEL: "B"}),
        ("errors", {"who": "only A"}, {keys.WHO_IS_WRONG: "only A"}),
        ("errors", {"order": "least confident error first"}, {keys.ORDER: UNSURE_FIRST}),
        ("errors", {"n": "12", "page": "2"}, {keys.PAGE_SIZE: "12", keys.PAGE_NUMBER: 2}),
        ("errors", {"image": "test/fear/PublicTest_1"}, {}),
        ("models", {"models": ["third", "cnn"]}, {keys.MODELS: ["third", "cnn"]}),
        ("models", {"corruption": "noise"}, {keys.CORRUPTION: "noise"}),
        ("dataset", {"fault": "exact", "tab": "gallery"}, {keys.GALLERY_KIND: "exact", keys.TAB: "gallery"}),
        ("dataset", {"balance": "Shares"}, {keys.BALANCE: "Shares"}),
        ("photo", {"source": "Camera"}, {keys.PHOTO_SOURCE: "Camera"}),
    ],
    ids=str,
)
def test_saved_link_sets_the_choices_and_stays_in_the_address(url_path, address, chosen, three_models: Path) -> None:
    app = open_page(url_path, **address)
    assert not app.error
    assert {key: app.session_state[key] for key in chosen} == chosen
    assert app.query_params == address


def test_titles_of_slices_in_older_links_still_work(three_models: Path) -> None:
    app = open_page("compare", slice="Leak-free")
    assert app.session_state[keys.SLICE] == ["leak_free"]
    assert app.query_params == {"slice": "leak_free"}


@pytest.mark.parametrize("in_address", ["not_blank, leak_free,not_blank", ["not_blank", "Leak-free"], "leak_free,test"])
def test_names_of_slices_are_put_into_their_order_and_each_counts_once(in_address, three_models: Path) -> None:
    app = open_page("compare", slice=in_address)
    assert not app.error
    chosen = app.multiselect(keys.SLICE).value
    assert app.query_params == {"slice": ",".join(sorted(chosen, key=list(SLICES).index))}
    assert set(chosen) <= {"leak_free", "not_blank"}


def test_chosen_slices_are_written_to_the_address_unless_none_is_chosen(three_models: Path) -> None:
    app = open_page("compare")
    app.multiselect(keys.SLICE).set_value(["dark", "public"]).run()
    assert app.query_params == {"slice": "public,dark"}
    app.multiselect(keys.SLICE).set_value([]).run()
    assert app.query_params == {}


def test_swap_exchanges_the_models_and_keeps_everything_else(three_models: Path) -> None:
    app = open_page("compare", a="third", slice="public", cells="Percent of the row")
    app.button(keys.SWAP).click().run()
    assert (app.selectbox(keys.MODEL_A).value, app.selectbox(keys.MODEL_B).value) == ("catboost", "third")
    assert app.query_params == {"a": "catboost", "b": "third", "slice": "public", "cells": "Percent of the row"}
    app.button(keys.SWAP).click().run()
    assert app.query_params == {"a": "third", "slice": "public", "cells": "Percent of the row"}


@pytest.mark.parametrize("url_path", ["compare", "errors"])
def test_unknown_model_in_the_address_is_named_and_nothing_is_compared(url_path: str, three_models: Path) -> None:
    app = open_page(url_path, a="no*body", b="third")
    assert "no*body" in unescaped(app.error[0].value)
    assert "cnn, catboost, third" in unescaped(app.error[0].value)
    assert (app.selectbox(keys.MODEL_A).value, app.selectbox(keys.MODEL_B).value) == (None, "third")
    assert not app.header and not app.markdown
    app.run()
    assert app.error, "the next run must not forget that the link is wrong"
    app.selectbox(keys.MODEL_A).set_value("catboost").run()
    assert not app.error
    assert app.query_params == {"a": "catboost", "b": "third"}


@pytest.mark.parametrize("url_path", ["compare", "errors"])
def test_unknown_slice_in_the_address_is_named_and_nothing_is_compared(url_path: str, three_models: Path) -> None:
    app = open_page(url_path, slice="privat")
    assert "privat" in app.error[0].value
    assert "All test images, Leak-free (without exact copies), PublicTest, PrivateTest" in app.error[0].value, (
        "as in the list"
    )
    assert not app.header
    app.run()
    assert app.error, "the next run must not forget that the link is wrong"
    app.multiselect(keys.SLICE).set_value(["private"]).run()
    assert not app.error
    assert app.query_params == {"slice": "private"}


@pytest.mark.parametrize("named", ["leak_free,privat", "privat,leak_free", ["leak_free", "privat"]])
def test_a_known_slice_does_not_hide_an_unknown_one(named: str | list[str], three_models: Path) -> None:
    app = open_page("compare", slice=named)
    assert "privat" in app.error[0].value
    assert app.multiselect(keys.SLICE).value == [] and not app.header


@pytest.mark.parametrize("names", [["third", "nobody"], ["nobody", "third"]])
def test_a_repeated_name_does_not_hide_an_unknown_one(names: list[str], three_models: Path) -> None:
    app = open_page("compare", a=names)
    assert "nobody" in app.error[0].value
    assert not app.header


def test_an_unknown_slice_is_forgotten_on_another_page(three_models: Path) -> None:
    app = open_page("compare", slice="privat")
    app.query_params.clear()  # the menu's links have no query parameters
    app.switch_page(page("errors").script).run()
    assert not app.error
    assert app.multiselect(keys.SLICE).value == []


@pytest.mark.parametrize(
    ("url_path", "key"),
    [
        ("overview", keys.SORT),
        ("compare", keys.SLICE),
        ("compare", keys.CELLS),
        ("compare", keys.CLASS_METRIC),
        ("errors", keys.WHO_IS_WRONG),
        ("errors", keys.ORDER),
        ("errors", keys.WHOSE_LABEL),
        ("errors", keys.PAGE_NUMBER),
        ("errors", keys.PAGE_SIZE),
        ("errors", keys.IMAGE),
        ("models", keys.CORRUPTION),
        ("photo", keys.KIND),
        ("photo", keys.PHOTO_SOURCE),
        ("dataset", keys.GALLERY_KIND),
        ("dataset", keys.GALLERY_ORDER),
        ("dataset", keys.TAB),
        ("dataset", keys.EMOTION),
    ],
)
def test_an_empty_value_in_the_address_is_the_default(url_path: str, key: str, three_models: Path) -> None:
    app = open_page(url_path, **{key: ""})
    assert not app.error and not app.warning


@pytest.mark.parametrize(
    ("url_path", "address"),
    [
        ("errors", {"true": "feer"}),
        ("errors", {"by": "C"}),
        ("errors", {"n": "24"}),
        ("compare", {"figure": "recal"}),
        ("models", {"corruption": "foggy"}),
        ("photo", {"kind": "Sound"}),
        ("photo", {"source": "Scanner"}),
    ],
)
def test_unknown_value_of_a_filter_is_ignored_with_a_warning(url_path, address, three_models: Path) -> None:
    app = open_page(url_path, **address)
    assert next(iter(address.values())) in app.warning[0].value
    assert app.query_params == {}
    assert not app.run().warning


@pytest.mark.parametrize(
    ("in_address", "chosen"),
    [
        ("nobody", []),
        (["nobody", "third"], ["third"]),
        (["third", "nobody"], ["third"]),
        (["third", "nobody", "third"], ["third"]),
    ],
)
def test_unknown_models_in_the_address_are_left_out_with_a_warning(in_address, chosen, three_models: Path) -> None:
    app = open_page("models", models=in_address)
    assert app.multiselect(keys.MODELS).value == chosen
    assert "nobody" in app.run().warning[0].value
    app.multiselect(keys.MODELS).set_value(["cnn"]).run()
    assert not app.warning
    assert app.query_params == {"models": "cnn"}


def test_an_empty_choice_of_models_in_the_address_stays_empty(three_models: Path) -> None:
    assert open_page("models", models="").multiselect(keys.MODELS).value == []


@pytest.mark.parametrize(
    ("address", "pair"),
    [
        ({}, ("cnn", "catboost")),
        ({"a": "catboost"}, ("catboost", "cnn")),
        ({"b": "cnn"}, ("catboost", "cnn")),
        ({"a": "third"}, ("third", "catboost")),
        ({"a": "catboost", "b": "catboost"}, ("catboost", "catboost")),
        ({"a": ""}, ("cnn", "catboost")),
        ({"b": ""}, ("cnn", "catboost")),
        ({"a": ["cnn", "catboost"]}, ("cnn", "catboost")),
        ({"a": ["catboost", "cnn"]}, ("catboost", "cnn")),
    ],
)
def test_a_link_with_one_model_compares_it_with_another_one(address, pair, three_models: Path) -> None:
    app = open_page("compare", **address)
    assert (app.selectbox(keys.MODEL_A).value, app.selectbox(keys.MODEL_B).value) == pair
    assert pickers.pair_of_address(dict(app.query_params), ("cnn", "catboost")) == pair


@pytest.mark.parametrize("pair", list(itertools.product(("cnn", "catboost", "third"), repeat=2)))
def test_the_address_of_a_pair_leads_back_to_it(pair: tuple[str, str]) -> None:
    address = pickers.shortest_address(pair, ("cnn", "catboost"))
    assert pickers.pair_of_address(address, ("cnn", "catboost")) == pair


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
    app = open_page("compare", a="third", b="third")
    app.selectbox(keys.MODEL_A).set_value("catboost").run()
    assert app.selectbox(keys.MODEL_A).value == "catboost"
    assert app.query_params == {"a": "catboost", "b": "third"}


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
