"""Which models come first: in the Overview's table, and in every picker."""

from dataclasses import replace
from pathlib import Path

import pytest

from core import paths
from core.models import store
from core.models.card import Role
from dashboard import keys
from tests.dashboard.pages.visiting import open_page, said
from tests.fixtures.models import write_model

LEADING = ["cnn", "catboost", "seed", "mine"]
"""By role, whatever their accuracy is; the two defaults by accuracy."""


def write_with_role(name: str, skill: float, role: Role) -> None:
    folder = write_model(name, skill)
    store.write_card(replace(store.read_card(name), role=role), folder)


@pytest.fixture
def many_models(shipped: Path) -> Path:
    """Four leading models and two others, of which one is the most accurate of all."""
    write_with_role("ancestor", 9, "ancestor")
    write_with_role("catboost", 1, "default")
    write_with_role("cnn", 3, "default")
    write_with_role("mine", 5, "own")
    write_with_role("seed", 0, "notebook")
    write_with_role("variant", 2, "variant")
    return shipped


def rows(page_text: str) -> list[str]:
    """The names in the Overview's first table."""
    table = page_text.split("</table>")[0]
    return [part.split("</th>")[0] for part in table.split('<th scope="row">')[1:]]


def test_the_overview_shows_the_leading_models_and_all_of_them_behind_the_switch(many_models: Path) -> None:
    app = open_page("overview")
    switch = app.toggle(keys.ALL_MODELS)
    assert (switch.label, switch.value) == ("All 6 models", False)
    assert rows(said(app)) == ["mine", "cnn", "catboost", "seed"]  # the best first
    switch.set_value(True).run()
    assert not app.exception
    assert rows(said(app)) == ["ancestor", "mine", "cnn", "variant", "catboost", "seed"]


def test_without_other_models_there_is_no_switch(shipped: Path) -> None:
    write_with_role("cnn", 3, "default")
    write_with_role("mine", 1, "own")
    app = open_page("overview")
    assert not app.toggle
    assert rows(said(app)) == ["cnn", "mine"]


def test_without_leading_models_the_others_are_shown(shipped: Path) -> None:
    write_with_role("variant", 2, "variant")
    app = open_page("overview")
    assert not app.toggle
    assert rows(said(app)) == ["variant"]


@pytest.mark.parametrize("url_path", ["compare", "errors", "models", "photo", "live"])
def test_pickers_list_the_leading_models_first_with_their_accuracy(url_path: str, many_models: Path) -> None:
    app = open_page(url_path)
    picker = app.selectbox(keys.MODEL_A) if url_path in ("compare", "errors") else app.multiselect(keys.MODELS)
    names = [*LEADING, "ancestor", "variant"]
    accuracies = [store.read_card(name).score("test").accuracy for name in names]
    assert picker.options == [
        f"{name} · {100 * accuracy:.1f} %" for name, accuracy in zip(names, accuracies, strict=True)
    ]


def test_a_model_without_figures_is_listed_by_its_name_alone(many_models: Path) -> None:
    store.write_card(replace(store.read_card("mine"), scores={}), paths.MODELS_DIR / "mine")
    assert open_page("compare").selectbox(keys.MODEL_A).options[3] == "mine"
