"""Which models the Overview's table shows, and the order of models in this table and in every picker."""

from dataclasses import replace
from pathlib import Path

import pytest

from core import paths
from core.models import store
from core.models.card import Role
from dashboard import keys
from tests.dashboard.pages.visiting import open_page, open_with_consent, page_text
from tests.fixtures.models import write_model

LEADING = ["cnn", "catboost", "seed", "mine"]
"""Leading models in the order of the pickers: by role, and by accuracy within the role `default`."""


def write_with_role(name: str, skill: float, role: Role) -> None:
    folder = write_model(name, skill)
    store.write_card(replace(store.read_card(name), role=role), folder)


@pytest.fixture
def many_models(shipped: Path) -> Path:
    """Write four leading models and two other models. The most accurate of all models is not a leading one."""
    write_with_role("ancestor", 9, "ancestor")
    write_with_role("catboost", 1, "default")
    write_with_role("cnn", 3, "default")
    write_with_role("mine", 5, "own")
    write_with_role("seed", 0, "notebook")
    write_with_role("variant", 2, "variant")
    return shipped


def row_names(html: str) -> list[str]:
    """Return the model names in the Overview's table of scores."""
    [table] = [table for table in html.split("</table>") if "Macro-F1</th>" in table]
    return [part.split("</th>")[0] for part in table.split('<th scope="row">')[1:]]


def test_overview_shows_leading_models_until_the_switch_shows_all(many_models: Path) -> None:
    app = open_page("overview")
    switch = app.toggle(keys.ALL_MODELS)
    assert (switch.label, switch.value) == ("All 6 models", False)
    assert row_names(page_text(app)) == ["mine", "cnn", "catboost", "seed"]  # the most accurate first
    switch.set_value(True).run()
    assert not app.exception
    assert row_names(page_text(app)) == ["ancestor", "mine", "cnn", "variant", "catboost", "seed"]


def test_overview_has_no_switch_if_all_models_are_leading(shipped: Path) -> None:
    write_with_role("cnn", 3, "default")
    write_with_role("mine", 1, "own")
    app = open_page("overview")
    assert not app.toggle
    assert row_names(page_text(app)) == ["cnn", "mine"]


def test_overview_shows_other_models_if_there_are_no_leading_ones(shipped: Path) -> None:
    write_with_role("variant", 2, "variant")
    app = open_page("overview")
    assert not app.toggle
    assert row_names(page_text(app)) == ["variant"]


@pytest.mark.parametrize("url_path", ["compare", "errors", "models", "photo", "live"])
def test_pickers_list_leading_models_first_with_their_accuracy(url_path: str, many_models: Path) -> None:
    app = open_with_consent(url_path)
    picker = app.selectbox(keys.MODEL_A) if url_path in ("compare", "errors") else app.multiselect(keys.MODELS)
    names = [*LEADING, "ancestor", "variant"]
    accuracies = [store.read_card(name).score("test").accuracy for name in names]
    assert picker.options == [
        f"{name} · {100 * accuracy:.1f} %" for name, accuracy in zip(names, accuracies, strict=True)
    ]


def test_picker_shows_a_model_without_scores_by_its_name_alone(many_models: Path) -> None:
    store.write_card(replace(store.read_card("mine"), scores={}), paths.MODELS_DIR / "mine")
    assert open_page("compare").selectbox(keys.MODEL_A).options[3] == "mine"
