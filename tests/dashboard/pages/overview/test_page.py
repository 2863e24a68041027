"""The Overview page in AppTest: with one model, without sizes, with an order in the address."""

from dataclasses import replace
from pathlib import Path

import pytest

from core import paths
from core.models import store
from dashboard import keys
from dashboard.pages.overview import tables, texts
from tests.dashboard.pages.visiting import open_page, page_text
from tests.fixtures.models import write_model


def test_the_default_models_have_a_tile_each_and_the_picture_its_numbers(models: Path) -> None:
    app = open_page("overview")
    text = page_text(app)
    assert text.count('class="ferscope-tile"') == 2
    assert "Numbers of this chart" in text and texts.PEOPLE_HTML in text
    assert len(app.get("plotly_chart")) == 1


def test_a_single_model_has_one_tile(shipped: Path) -> None:
    write_model("alone", skill=2)
    assert page_text(open_page("overview")).count('class="ferscope-tile"') == 1


def test_models_without_sizes_have_no_picture_but_a_sentence(shipped: Path) -> None:
    folder = write_model("alone", skill=2)
    store.write_card(replace(store.read_card("alone"), size_bytes=0), folder)
    app = open_page("overview")
    assert texts.NO_POINTS in [caption.value for caption in app.caption]
    assert not app.get("plotly_chart")


def test_without_models_the_page_still_leads_to_the_others(shipped: Path) -> None:
    app = open_page("overview")
    assert "no model yet" in page_text(app)
    assert len(app.get("page_link")) == len(texts.WAYS_IN) + len(texts.OTHER_PAGES)


def test_the_order_comes_from_the_address_and_sorts_the_table(models: Path) -> None:
    card = store.read_card("cnn")
    store.write_card(replace(card, size_bytes=9_900_000), paths.MODELS_DIR / "cnn")
    app = open_page("overview", sort="Size")
    table = next(html for html in page_text(app).splitlines() if "Macro-F1</th>" in html)
    assert table.index('<th scope="row">catboost') < table.index('<th scope="row">cnn')
    assert app.query_params == {"sort": "Size"}


def test_an_unknown_order_in_the_address_is_named(models: Path) -> None:
    app = open_page("overview", sort="beauty")
    assert "beauty" in app.warning[0].value
    assert app.session_state[keys.SORT] == next(iter(tables.SORTINGS))


@pytest.mark.parametrize("links", [texts.WAYS_IN, texts.OTHER_PAGES])
def test_names_of_links_are_short_and_their_purpose_is_one_sentence(links: dict[str, tuple[str, str]]) -> None:
    assert all(len(name) <= 24 and purpose[-1] in ".?" and len(purpose) <= 70 for name, purpose in links.values())
