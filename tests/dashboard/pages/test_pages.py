"""Every page in AppTest: with and without data, without models, with damaged models, with invalid addresses."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core import paths
from core.benchmarks import robustness, steadiness
from core.benchmarks.steadiness import Steadiness
from core.classifiers.base import LabelledFaces
from core.data.shipped import load_manifest
from core.evaluation.errors import RANKINGS, WRONG_MODELS
from core.models import store
from core.training.recipes import RECIPES
from dashboard.navigation import PAGES, page
from tests.dashboard.pages.visiting import open_page, page_text, unescaped
from tests.fixtures.fakes import FakeClassifier
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


class TestModels:
    def test_shows_a_card_for_each_chosen_model(self, models: Path) -> None:
        app = open_page("models")
        assert [header.value for header in app.header] == ["cnn", "catboost"]
        assert "augmentation.flip" in page_text(app)
        assert "Not measured" in page_text(app)

    def test_empty_choice_shows_a_message(self, models: Path) -> None:
        app = open_page("models")
        app.multiselect("models").set_value([]).run()
        assert "Choose a model above" in app.info[0].value

    def test_card_without_a_temperature_shows_the_command_that_fits_one(self, models: Path) -> None:
        assert "core calibrate catboost" in page_text(open_page("models"))

    def test_calibrated_card_shows_its_temperature_and_the_results_before_and_after(self, models: Path) -> None:
        from core.data.shipped import load_manifest
        from core.training.train import recalibrate

        card = recalibrate("catboost", load_manifest())
        text = page_text(open_page("models", models="catboost"))
        assert f"divided by the temperature {card.temperature:.2f}, fitted on val" in text
        assert "before" in text and "after" in text

    def test_models_without_measurements_show_the_commands_that_measure_them(self, models: Path) -> None:
        captions = [caption.value for caption in open_page("models").caption]
        assert any("core robustness cnn" in caption for caption in captions)
        assert any("core steadiness catboost" in caption for caption in captions)

    def test_card_shows_the_description_of_its_recipe(self, models: Path) -> None:
        assert RECIPES["cnn"].about in page_text(open_page("models"))

    def test_damaged_teacher_shows_an_error_and_hides_no_other_section(self, models: Path) -> None:
        write_model("teacher", skill=2)
        card = store.read_card("cnn")
        distillation = {"teachers": ["teacher", "catboost"], "teacher_share": 0.5, "epochs": [3], "views": 2}
        store.write_card(replace(card, recipe=card.recipe | distillation), paths.MODELS_DIR / "cnn")
        (paths.MODELS_DIR / "teacher" / "predictions.parquet").write_bytes(b"PAR1 cut short")
        app = open_page("models")
        assert "teacher/predictions.parquet is damaged" in unescaped(app.error[0].value)
        assert "Robustness" in [subheader.value for subheader in app.subheader]

    def test_robustness_and_steadiness_of_measured_models_are_shown(self, models: Path) -> None:
        measured = robustness.measure(
            FakeClassifier(answer="happy"), LabelledFaces(np.zeros((12, 48, 48), np.uint8), np.full(12, 3))
        )
        robustness.write_robustness("catboost", measured)
        steadiness.write_steadiness("catboost", Steadiness(0.876, 0.87, 0.88, 12, 8, 42))
        app = open_page("models", corruption="JPEG")
        assert app.selectbox("corruption").value == "JPEG"
        assert "87.6" in page_text(app)


class TestCompare:
    def test_introduction_compares_the_models_on_the_same_images(self, models: Path) -> None:
        text = page_text(open_page("compare"))
        assert "On the same 28 images, **cnn** is right on" in text
        assert "A is wrong" in text

    def test_opens_with_every_slice_and_cell_format(self, models: Path) -> None:
        for chosen in ("Leak-free", "PublicTest", "PrivateTest"):
            assert "right on" in page_text(open_page("compare", slice=chosen))
        for form in ("Percent of the row", "Difference A − B"):
            assert "right on" in page_text(open_page("compare", cells=form))

    def test_opening_a_cell_sets_its_labels_and_resets_the_other_filters(self, shipped: Path) -> None:
        for seed, name in enumerate(("cnn", "catboost")):
            write_model(name, skill=0, seed=seed)
        app = open_page("errors", who="both", order=list(RANKINGS.values())[1].title, page="2")
        app.switch_page(page("compare").script).run()
        [button] = [button for button in app.button if button.label == "Show these faces"]
        button.click().run()
        assert app.title[0].value == "Errors"
        chosen = {key: app.selectbox(key).value for key in ("true", "predicted", "order")}
        assert chosen == {"true": "fear", "predicted": "sad", "order": next(iter(RANKINGS.values())).title}
        assert app.session_state["who"] == next(iter(WRONG_MODELS.values())).title


class TestErrors:
    def test_page_number_comes_from_the_address_and_returns_to_1_for_another_list(self, shipped: Path) -> None:
        for seed, name in enumerate(("cnn", "catboost")):
            write_model(name, skill=0, seed=seed)
        app = open_page("errors", page="2")
        cards_on_page_2 = len(titles(app))
        assert 0 < cards_on_page_2 < 24
        app.selectbox("order").set_value(list(RANKINGS.values())[1].title).run()
        assert len(titles(app)) == 24
        app.session_state["page"] = 2
        assert len(titles(app.run())) == cards_on_page_2

    def test_without_faces_shows_cards_without_images_and_how_to_import(self, models: Path) -> None:
        app = open_page("errors")
        assert 'class="ferscope-face"' in page_text(app)
        assert "<img" not in page_text(app)
        assert "none are imported yet" in app.info[0].value

    def test_shows_the_faces(self, models_and_faces: Path) -> None:
        assert "data:image/png;base64," in page_text(open_page("errors"))

    def test_address_sets_the_filters(self, models: Path) -> None:
        app = open_page("errors", true="fear", by="B", who="only B")
        assert app.selectbox("true").value == "fear"
        assert set(titles(app)) == {"labelled fear"}

    def test_no_match_shows_a_message(self, models: Path) -> None:
        app = open_page("errors", a="catboost", b="catboost", who="only A")
        assert "No image of this slice matches" in app.info[0].value


def titles(app: AppTest) -> list[str]:
    """Return the titles of the face cards."""
    return [part.split("</strong>")[0] for part in page_text(app).split("<strong>")[1:] if part.startswith("labelled")]
