"""Every page in AppTest: with and without data, without models, with broken ones, with hand-edited addresses."""

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
from core.evaluation.errors import RANKINGS, WHO
from core.models import store
from core.training.recipes import RECIPES
from dashboard.navigation import PAGES, page
from tests.dashboard.pages.visiting import open_page, said
from tests.fixtures.fakes import FakeClassifier
from tests.fixtures.models import write_model

COMPARING = ("compare", "errors")
MODEL_PAGES = ("overview", "models", *COMPARING)


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
class TestEveryPage:
    def test_with_models_and_faces(self, entry, models_and_faces: Path) -> None:
        app = open_page(entry.url_path)
        assert app.title and not app.error

    def test_without_imported_data(self, entry, models: Path) -> None:
        app = open_page(entry.url_path)
        assert app.title and not app.error

    def test_without_models(self, entry, shipped: Path) -> None:
        app = open_page(entry.url_path)
        assert app.title
        assert entry.url_path not in MODEL_PAGES or "no model yet" in said(app)

    def test_ignores_an_address_that_makes_no_sense(self, entry, models: Path) -> None:
        nonsense = dict.fromkeys(("a", "b", "slice", "true", "predicted", "by", "who", "order", "cells", "figure"), "?")
        assert open_page(entry.url_path, **nonsense, page="99999", models="nobody").title

    def test_leaves_a_damaged_model_out_with_a_sentence(self, entry, models: Path) -> None:
        damaged = paths.MODELS_DIR / "damaged"
        damaged.mkdir()
        (damaged / "card.json").write_text("{}")
        app = open_page(entry.url_path)
        assert app.title
        assert entry.url_path not in MODEL_PAGES or "`damaged` is left out" in said(app)


@pytest.mark.parametrize("url_path", COMPARING)
class TestPagesThatCompare:
    def test_one_model_is_compared_with_itself(self, url_path: str, shipped: Path) -> None:
        write_model("alone", skill=2)
        app = open_page(url_path)
        assert (app.selectbox("a").value, app.selectbox("b").value) == ("alone", "alone")
        assert "A and B are the same model" in said(app)

    def test_models_come_from_the_address(self, url_path: str, models: Path) -> None:
        app = open_page(url_path, a="catboost", b="cnn")
        assert (app.selectbox("a").value, app.selectbox("b").value) == ("catboost", "cnn")

    def test_missing_predictions_are_a_sentence(self, url_path: str, models: Path) -> None:
        (paths.MODELS_DIR / "catboost" / "predictions.parquet").unlink()
        assert "catboost has no predictions.parquet" in open_page(url_path).error[0].value

    def test_damaged_predictions_are_a_sentence(self, url_path: str, models: Path) -> None:
        (paths.MODELS_DIR / "catboost" / "predictions.parquet").write_bytes(b"PAR1 cut short")
        assert "predictions.parquet is damaged" in open_page(url_path).error[0].value

    def test_an_empty_slice_is_a_sentence(self, url_path: str, models: Path) -> None:
        predictions = paths.MODELS_DIR / "catboost" / "predictions.parquet"
        pd.read_parquet(predictions).head(0).to_parquet(predictions)
        assert "No image of this slice" in open_page(url_path).info[0].value


class TestOverview:
    def test_lists_the_models_best_first_with_their_intervals(self, models: Path) -> None:
        words = said(open_page("overview"))
        assert words.index('<th scope="row">cnn') < words.index('<th scope="row">catboost')
        assert " to " in words

    def test_says_what_each_model_is_even_of_a_changed_recipe(self, models: Path) -> None:
        card = store.read_card("cnn")
        store.write_card(replace(card, recipe_name="cnn-seed"), paths.MODELS_DIR / "cnn")
        words = said(open_page("overview"))
        assert RECIPES["catboost"].about in words
        assert f"before the change: {RECIPES['cnn-seed'].about}".replace("'", "&#x27;") in words

    def test_says_how_to_get_the_data_and_what_it_is_not_for(self, models: Path) -> None:
        words = said(open_page("overview"))
        assert "python -m core import archive.zip" in words
        assert "Art. 5(1)(f)" in words
        assert "is not\n  measured" in words or "not measured" in words.replace("**", "").replace("\n  ", " ")

    def test_says_that_the_data_is_there(self, models_and_faces: Path) -> None:
        assert open_page("overview").success[0].value == "FER2013 is imported: 98 images."


class TestModels:
    def test_shows_a_card_for_each_chosen_model(self, models: Path) -> None:
        app = open_page("models")
        assert [header.value for header in app.header] == ["cnn", "catboost"]
        assert "augmentation.flip" in said(app)
        assert "Not measured" in said(app)

    def test_no_choice_is_a_sentence(self, models: Path) -> None:
        app = open_page("models")
        app.multiselect("models").set_value([]).run()
        assert "No model is chosen" in app.info[0].value

    def test_a_card_without_a_temperature_says_what_to_run(self, models: Path) -> None:
        assert "core calibrate catboost" in said(open_page("models"))

    def test_calibration_before_and_after(self, models: Path) -> None:
        from core.data.shipped import load_manifest
        from core.training.train import recalibrate

        card = recalibrate("catboost", load_manifest())
        words = said(open_page("models", models="catboost"))
        assert f"Temperature {card.temperature:.2f}, fitted on val" in words
        assert "before" in words and "after" in words

    def test_what_was_not_measured_names_its_command(self, models: Path) -> None:
        captions = [caption.value for caption in open_page("models").caption]
        assert any("core robustness cnn" in caption for caption in captions)
        assert any("core steadiness catboost" in caption for caption in captions)

    def test_a_card_begins_with_what_its_recipe_makes(self, models: Path) -> None:
        assert RECIPES["cnn"].about in said(open_page("models"))

    def test_a_damaged_teacher_hides_no_other_section(self, models: Path) -> None:
        write_model("teacher", skill=2)
        card = store.read_card("cnn")
        taught = {"teachers": ["teacher", "catboost"], "teacher_share": 0.5, "epochs": [3], "views": 2}
        store.write_card(replace(card, recipe=card.recipe | taught), paths.MODELS_DIR / "cnn")
        (paths.MODELS_DIR / "teacher" / "predictions.parquet").write_bytes(b"PAR1 cut short")
        app = open_page("models")
        assert "teacher/predictions.parquet is damaged" in app.error[0].value
        assert "Robustness" in [subheader.value for subheader in app.subheader]

    def test_robustness_and_steadiness_of_whoever_was_measured(self, models: Path) -> None:
        measured = robustness.measure(
            FakeClassifier(answer="happy"), LabelledFaces(np.zeros((12, 48, 48), np.uint8), np.full(12, 3))
        )
        robustness.write_robustness("catboost", measured)
        steadiness.write_steadiness("catboost", Steadiness(0.876, 0.87, 0.88, 12, 8, 42))
        app = open_page("models", corruption="JPEG")
        assert app.selectbox("corruption").value == "JPEG"
        assert "87.6" in said(app)


class TestCompare:
    def test_leads_with_a_sentence_on_the_difference(self, models: Path) -> None:
        words = said(open_page("compare"))
        assert "On the same 28 images, **cnn** is right on" in words
        assert "A is wrong" in words

    def test_every_slice_and_form_of_the_matrix(self, models: Path) -> None:
        for chosen in ("Leak-free", "PublicTest", "PrivateTest"):
            assert "right on" in said(open_page("compare", slice=chosen))
        for form in ("Percent of the row", "Difference A − B"):
            assert "right on" in said(open_page("compare", cells=form))

    def test_a_cell_opens_all_its_images_whatever_was_chosen_on_errors_before(self, shipped: Path) -> None:
        for seed, name in enumerate(("cnn", "catboost")):
            write_model(name, skill=0, seed=seed)
        app = open_page("errors", who="both", order=list(RANKINGS.values())[1].title, page="2")
        app.switch_page(page("compare").script).run()
        [button] = [button for button in app.button if button.label == "Show these faces"]
        button.click().run()
        assert app.title[0].value == "Errors"
        chosen = {key: app.selectbox(key).value for key in ("true", "predicted", "order")}
        assert chosen == {"true": "fear", "predicted": "sad", "order": next(iter(RANKINGS.values())).title}
        assert app.session_state["who"] == next(iter(WHO.values())).title


class TestErrors:
    def test_another_list_starts_at_its_first_page_and_the_address_may_name_one(self, shipped: Path) -> None:
        for seed, name in enumerate(("cnn", "catboost")):
            write_model(name, skill=0, seed=seed)
        app = open_page("errors", page="2")
        rest = len(titles(app))
        assert 0 < rest < 24
        app.selectbox("order").set_value(list(RANKINGS.values())[1].title).run()
        assert len(titles(app)) == 24
        app.session_state["page"] = 2
        assert len(titles(app.run())) == rest

    def test_shows_rows_and_how_to_get_the_faces(self, models: Path) -> None:
        app = open_page("errors")
        assert 'class="ferscope-face"' in said(app)
        assert "<img" not in said(app)
        assert "none are imported yet" in app.info[0].value

    def test_shows_the_faces(self, models_and_faces: Path) -> None:
        assert "data:image/png;base64," in said(open_page("errors"))

    def test_the_address_sets_the_filter(self, models: Path) -> None:
        app = open_page("errors", true="fear", by="B", who="only B")
        assert app.selectbox("true").value == "fear"
        assert set(titles(app)) == {"labelled fear"}

    def test_no_match_is_a_sentence(self, models: Path) -> None:
        app = open_page("errors", a="catboost", b="catboost", who="only A")
        assert "No image of this slice matches" in app.info[0].value


def titles(app: AppTest) -> list[str]:
    """Of the face cards."""
    return [part.split("</strong>")[0] for part in said(app).split("<strong>")[1:] if part.startswith("labelled")]
