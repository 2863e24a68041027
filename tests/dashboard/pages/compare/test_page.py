"""The Compare page in AppTest: the panel of faces, the views, and models that give labels only."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import paths
from core.models import store
from dashboard import keys, resources
from dashboard.pages.compare.figures import NEED_PROBABILITIES, VIEWS
from tests.dashboard.pages.visiting import open_page, page_text, pressable_html
from tests.fixtures.models import write_model


@pytest.fixture
def poor_models(shipped: Path) -> Path:
    """Write two models with many errors, without imported images."""
    for seed, name in enumerate(("cnn", "catboost")):
        write_model(name, skill=0, seed=seed)
    return shipped


def gives_labels_only(name: str) -> None:
    """Write into the card of a model that it gives labels without probabilities."""
    card = store.read_card(name)
    store.write_card(replace(card, recipe={"values": "labels"}), paths.MODELS_DIR / name)


def open_view(view: str, **query: str) -> AppTest:
    """Open the Compare page, and the lower part as a visitor who scrolls to it."""
    app = open_page("compare", view=view, **query)
    [button] = [button for button in app.button if button.label == "Figures and curves"]
    app = button.click().run()
    assert not app.exception, app.exception
    return app


def choose_cell(app: AppTest, true: str, predicted: str, side: str) -> AppTest:
    app.selectbox(keys.CELL_TRUE).set_value(true).run()
    app.selectbox(keys.CELL_PREDICTED).set_value(predicted).run()
    return app.button_group(keys.CELL_SIDE).set_value(side).run()


def tiles(app: AppTest) -> str:
    """Return the HTML of the faces in the panel."""
    return pressable_html(app).split('class="ferscope-face-tiles"')[1]


@pytest.mark.parametrize("side", ["A", "B"])
@pytest.mark.parametrize("cell", [("disgust", "angry"), ("angry", "angry"), ("happy", "happy")])
def test_the_errors_page_opens_exactly_the_images_of_the_panel(cell, side: str, poor_models: Path) -> None:
    app = choose_cell(open_page("compare"), *cell, side)
    text = page_text(app)
    assert f"{cell[0]} predicted as {cell[1]}, by {side}" in text
    count = int(text.split('role="status"')[1].split("n = ")[1].split("<")[0])
    counts = resources.comparisons.compare("cnn", "catboost", "test").counts["AB".index(side)]
    assert count == counts.loc[cell] > 0
    assert tiles(app).count("<button") == min(count, 12)
    app.button(keys.OPEN_CELL).click().run()
    assert app.title[0].value == "Errors"
    assert f"<strong>{count:,} of 28 images</strong>" in page_text(app)


def test_a_cell_without_images_opens_nothing(poor_models: Path) -> None:
    app = choose_cell(open_page("compare"), "fear", "disgust", "A")
    assert "<strong>n = 0</strong>" in page_text(app)
    assert not [button for button in app.button if button.key == keys.OPEN_CELL]


def test_without_images_the_panel_says_so_and_lists_ids_and_predictions(poor_models: Path) -> None:
    app = choose_cell(open_page("compare"), "happy", "happy", "A")
    assert "none are imported yet" in page_text(app)
    assert "<small>A happy " in tiles(app) and "test/happy/" in tiles(app) and "<img" not in tiles(app)


def test_with_images_the_panel_shows_them(models_and_faces: Path) -> None:
    app = choose_cell(open_page("compare"), "happy", "happy", "A")
    assert "data:image/png;base64," in tiles(app)


def test_a_link_opens_a_face_on_the_page_even_before_a_cell_is_chosen(models_and_faces: Path) -> None:
    app = open_page("compare", image="test/happy/PublicTest_0")
    assert "labelled <strong>happy</strong>" in page_text(app) and "Not in this list" in page_text(app)
    choose_cell(app, "happy", "happy", "A")
    rows = resources.comparisons.rows("cnn", "catboost", "test").set_index("image_id")
    is_in_cell = rows.loc["test/happy/PublicTest_0", "predicted_label_a"] == "happy"
    assert ("Not in this list" in page_text(app)) == (not is_in_cell)


def test_the_panel_is_empty_until_a_cell_is_chosen(poor_models: Path) -> None:
    text = page_text(open_page("compare"))
    assert "Press a cell or a pair" in text
    assert 'role="status"' not in text


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_with_every_kind_of_slice(view: str, models: Path) -> None:
    for slice_name in ("test", "emotion:fear", "agree"):
        app = open_view(view, slice=slice_name)
        assert not app.error


@pytest.mark.parametrize("view", ["ROC", "Precision and recall"])
def test_images_of_one_emotion_have_no_curve_and_the_page_says_why(view: str, models: Path) -> None:
    app = open_view(view, slice="emotion:fear")
    assert "a curve needs images with an emotion's label and images without it" in app.info[-1].value
    assert not app.get("plotly_chart")


@pytest.mark.parametrize("view", VIEWS)
def test_a_model_that_gives_labels_only_has_no_figures_of_the_confidence(view: str, models: Path) -> None:
    gives_labels_only("catboost")
    text = page_text(open_view(view))
    assert ("catboost gives labels only" in text) == (view in NEED_PROBABILITIES)
    assert "B: catboost" not in text or view not in NEED_PROBABILITIES


@pytest.mark.parametrize("view", NEED_PROBABILITIES)
def test_without_any_probabilities_a_view_says_why_it_is_empty(view: str, models: Path) -> None:
    gives_labels_only("cnn")
    gives_labels_only("catboost")
    app = open_view(view)
    assert "cnn and catboost give labels only" in app.info[-1].value
    assert not app.get("plotly_chart")


def test_confidences_of_a_model_that_gives_labels_only_are_not_shown_as_numbers(models: Path) -> None:
    gives_labels_only("catboost")
    first = tiles(choose_cell(open_page("compare"), "happy", "happy", "A")).split("</button>")[0]
    [a, b] = [line.split("</small>")[0] for line in first.split("<small>")[-2:]]
    assert a.startswith("A happy ") and a.endswith(" %")
    assert b.startswith("B ") and "%" not in b
    tile = pressable_html(open_page("errors")).split("<button")[1]
    assert "%" in tile.split("<b>A</b>")[1].split("<b>B</b>")[0] and "%" not in tile.split("<b>B</b>")[1]


def test_an_empty_combination_of_slices_says_so(models: Path) -> None:
    text = page_text(open_page("compare", slice="emotion:fear,emotion:sad"))
    assert "No image belongs to all of these slices: Labelled fear, Labelled sad." in text
    assert 'class="ferscope-verdict"' not in text


def test_a_slice_of_a_few_images_has_no_verdict(models: Path) -> None:
    text = page_text(open_page("compare", slice="emotion:fear"))
    assert "Too few images to say which model is more accurate: 4, at least 30" in text
    assert "beats" not in text
