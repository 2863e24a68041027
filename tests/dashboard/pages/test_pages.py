"""Every page in AppTest: with and without data, without models, with damaged models, with invalid addresses."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from core import paths
from core.data.shipped import load_manifest
from core.evaluation.errors import RANKINGS, WRONG_MODELS
from core.evaluation.slices import SLICES
from core.models import store
from core.training.recipes import RECIPES
from dashboard import keys
from dashboard.navigation import PAGES, page
from tests.dashboard.pages.visiting import open_page, page_text, unescaped
from tests.fixtures.models import write_model

TWO_MODEL_PAGES = ("compare", "errors")
MODEL_PAGES = ("overview", "models", *TWO_MODEL_PAGES)


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
class TestEveryPage:
    def test_opens_with_models_and_faces(self, entry, models_and_faces: Path) -> None:
        app = open_page(entry.url_path)
        assert app.title and not app.error

    def test_opens_without_imported_data(self, entry, models: Path) -> None:
        app = open_page(entry.url_path)
        assert app.title and not app.error

    def test_opens_without_models_and_says_so_on_model_pages(self, entry, shipped: Path) -> None:
        app = open_page(entry.url_path)
        assert app.title
        assert entry.url_path not in MODEL_PAGES or "no model yet" in page_text(app)

    def test_invalid_values_in_the_address_are_ignored(self, entry, models: Path) -> None:
        invalid = dict.fromkeys(("a", "b", "slice", "true", "predicted", "by", "who", "order", "cells", "figure"), "?")
        assert open_page(entry.url_path, **invalid, page="99999", models="nobody").title

    def test_damaged_model_is_left_out_with_a_warning(self, entry, models: Path) -> None:
        damaged = paths.MODELS_DIR / "damaged"
        damaged.mkdir()
        (damaged / "card.json").write_text("{}")
        app = open_page(entry.url_path)
        assert app.title
        assert entry.url_path not in MODEL_PAGES or "damaged is left out" in page_text(app)


@pytest.mark.parametrize("url_path", TWO_MODEL_PAGES)
class TestTwoModelPages:
    def test_single_model_is_compared_with_itself(self, url_path: str, shipped: Path) -> None:
        write_model("alone", skill=2)
        app = open_page(url_path)
        assert (app.selectbox("a").value, app.selectbox("b").value) == ("alone", "alone")
        assert "A and B are the same model" in page_text(app)

    def test_models_come_from_the_address(self, url_path: str, models: Path) -> None:
        app = open_page(url_path, a="catboost", b="cnn")
        assert (app.selectbox("a").value, app.selectbox("b").value) == ("catboost", "cnn")

    def test_a_model_with_missing_predictions_is_left_out(self, url_path: str, models: Path) -> None:
        (paths.MODELS_DIR / "catboost" / "predictions.parquet").unlink()
        app = open_page(url_path)
        assert "catboost has no predictions.parquet" in unescaped(app.warning[0].value)
        assert app.selectbox("b").value == "cnn"

    def test_a_model_with_damaged_predictions_is_left_out(self, url_path: str, models: Path) -> None:
        (paths.MODELS_DIR / "catboost" / "predictions.parquet").write_bytes(b"PAR1 cut short")
        app = open_page(url_path)
        assert "predictions.parquet is damaged" in unescaped(app.warning[0].value)
        assert app.selectbox("b").value == "cnn"

    def test_empty_slice_shows_a_message(self, url_path: str, models: Path) -> None:
        predictions = paths.MODELS_DIR / "catboost" / "predictions.parquet"
        pd.read_parquet(predictions).head(0).to_parquet(predictions)
        assert "No image of this slice" in page_text(open_page(url_path))


class TestOverview:
    def test_lists_the_models_best_first_with_their_intervals(self, models: Path) -> None:
        text = page_text(open_page("overview"))
        assert text.index('<th scope="row">cnn') < text.index('<th scope="row">catboost')
        assert " to " in text

    def test_describes_each_model_even_with_a_changed_recipe(self, models: Path) -> None:
        card = store.read_card("cnn")
        store.write_card(replace(card, recipe_name="cnn-seed"), paths.MODELS_DIR / "cnn")
        text = page_text(open_page("overview"))
        assert RECIPES["catboost"].about in text
        assert f"The original recipe: {RECIPES['cnn-seed'].about}".replace("'", "&#x27;") in text

    def test_explains_the_import_and_the_forbidden_uses(self, models: Path) -> None:
        text = page_text(open_page("overview"))
        assert "python -m core import archive.zip" in text
        assert "Art. 5(1)(f)" in text
        assert "is not\n  measured" in text or "not measured" in text.replace("**", "").replace("\n  ", " ")

    def test_facts_about_fer2013_are_not_shown_for_another_data_set(self, models_and_faces: Path) -> None:
        shipped = paths.DATA_DIR / "manifest.parquet"
        pd.read_parquet(shipped).iloc[1:].to_parquet(shipped)
        app = open_page("overview")
        assert app.success[0].value == "Another data set is imported: 98 images."
        text = page_text(app)
        assert "The imported data set, with 98 images, is a different one" in text
        assert "faces of FER2013" not in text and "65 ± 5 %" not in text

    def test_facts_about_fer2013_are_shown_for_fer2013(self, models: Path) -> None:
        text = page_text(open_page("overview"))
        assert f"the {len(load_manifest()):,} faces of FER2013" in text and "65 ± 5 %" in text


class TestCompare:
    def test_introduction_compares_the_models_on_the_same_images(self, models: Path) -> None:
        text = page_text(open_page("compare", slice="test"))
        assert "Too few images to say which model is more accurate: 28, at least 30" in text
        assert "<strong>n = 28</strong>" in text
        assert "accuracy A " in text

    def test_opens_with_every_slice_and_cell_format(self, models: Path) -> None:
        for chosen in SLICES:
            text = page_text(open_page("compare", slice=chosen))
            assert ('class="ferscope-verdict"' in text) != ("No image of this slice" in text)
        for form in ("Percent of the row", "Counts and percent"):
            assert 'class="ferscope-verdict"' in page_text(open_page("compare", cells=form))

    def test_opening_a_cell_sets_its_labels_and_resets_the_other_filters(self, shipped: Path) -> None:
        for seed, name in enumerate(("cnn", "catboost")):
            write_model(name, skill=0, seed=seed)
        app = open_page("errors", who="both", order=list(RANKINGS.values())[1].title, page="2")
        app.switch_page(page("compare").script).run()
        app.selectbox(keys.CELL_TRUE).set_value("fear").run()
        app.selectbox(keys.CELL_PREDICTED).set_value("happy").run()
        app.button(keys.OPEN_CELL).click().run()
        assert app.title[0].value == "Errors"
        chosen = {key: app.selectbox(key).value for key in ("true", "predicted", "order")}
        assert chosen == {"true": "fear", "predicted": "happy", "order": next(iter(RANKINGS.values())).title}
        assert app.session_state["who"] == WRONG_MODELS["all"].title
