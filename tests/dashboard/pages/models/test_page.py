"""The Models page in AppTest: the comparison, the folded sections and the downloads."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import paths
from core.benchmarks import robustness, steadiness
from core.benchmarks.steadiness import Steadiness
from core.classifiers.base import LabelledFaces
from core.data.shipped import load_manifest
from core.models import store
from core.training.recipes import RECIPES
from core.training.train import recalibrate
from dashboard import keys
from dashboard.pages.models import card_files, record
from tests.dashboard.pages.models.visiting import SECTIONS, open_models
from tests.dashboard.pages.visiting import page_text, unescaped
from tests.fixtures.fakes import FakeClassifier
from tests.fixtures.models import write_model


@pytest.fixture
def measured(models: Path) -> Path:
    """Write robustness.csv and steadiness.json of catboost."""
    faces = LabelledFaces(np.zeros((12, 48, 48), np.uint8), np.full(12, 3))
    robustness.write_robustness("catboost", robustness.measure(FakeClassifier(answer="happy"), faces))
    steadiness.write_steadiness("catboost", Steadiness(0.876, 0.87, 0.88, 12, 8, 42))
    return models


def test_compares_the_chosen_models_in_one_table_and_makes_no_chart(measured: Path) -> None:
    app = open_models()
    text = page_text(app)
    assert '<th scope="col">cnn</th><th scope="col">catboost</th>' in text
    assert "87.6 % <small>(87.0 to 88.0)</small>" in text
    assert text.count("Decisions about people") == text.count("Not measured: The data set") == 1
    assert RECIPES["cnn"].about in text
    assert not app.get("plotly_chart")


def test_closed_sections_read_no_predictions(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the page read predictions")

    for name in ("predictions.scored", "predictions.ensemble_scores", "comparisons.compare"):
        monkeypatch.setattr(f"dashboard.resources.{name}", refuse)
    assert not open_models().error


def test_empty_choice_shows_a_message(models: Path) -> None:
    app = open_models()
    app.multiselect("models").set_value([]).run()
    assert "Choose a model above" in app.info[0].value


def test_card_without_a_temperature_shows_the_command_that_fits_one(models: Path) -> None:
    assert "core calibrate catboost" in page_text(open_models("calibration"))


def test_calibrated_card_shows_its_temperature_and_the_results_before_and_after(models: Path) -> None:
    card = recalibrate("catboost", load_manifest())
    app = open_models("calibration", models="catboost")
    text = page_text(app)
    assert f"<td>{card.temperature:.2f}</td>" in text
    assert re.search(r"NLL</summary>.*?<td>from \d\.\d{3} to \d\.\d{3}</td>", text)
    assert len(app.get("plotly_chart")) == 1


def test_models_without_measurements_show_the_commands_that_measure_them(models: Path) -> None:
    captions = [caption.value for caption in open_models("robustness", "steadiness").caption]
    assert any("core robustness cnn" in caption for caption in captions)
    assert any("core steadiness catboost" in caption for caption in captions)


def test_a_link_to_a_corruption_opens_its_section(measured: Path) -> None:
    app = open_models(corruption="JPEG")
    assert app.selectbox("corruption").value == "JPEG"
    assert "50 as JPEG quality" in page_text(app)
    assert len(app.get("plotly_chart")) == 1


def test_the_curves_of_all_models_are_in_one_chart(models: Path) -> None:
    assert len(open_models("curves").get("plotly_chart")) == 1


def test_hyperparameters_that_differ_come_first_and_the_switch_adds_the_others(models: Path) -> None:
    write_model("other", skill=2)
    card = store.read_card("other")
    store.write_card(replace(card, recipe=card.recipe | {"mixup": 0.5}), paths.MODELS_DIR / "other")
    app = open_models("hyperparameters", models=["cnn", "other"])
    assert "mixup" in page_text(app) and "augmentation.flip" not in page_text(app)
    app.toggle(keys.ALL_HYPERPARAMETERS).set_value(True).run()
    assert "augmentation.flip" in page_text(app)


def test_a_single_model_shows_all_its_hyperparameters(models: Path) -> None:
    app = open_models("hyperparameters", models="cnn")
    assert "augmentation.flip" in page_text(app) and not app.toggle


def test_damaged_teacher_shows_an_error_and_hides_no_other_section(models: Path) -> None:
    write_model("teacher", skill=2)
    card = store.read_card("cnn")
    distillation = {"teachers": ["teacher", "catboost"], "teacher_share": 0.5, "epochs": [3], "views": 2}
    store.write_card(replace(card, recipe=card.recipe | distillation), paths.MODELS_DIR / "cnn")
    (paths.MODELS_DIR / "teacher" / "predictions.parquet").write_bytes(b"PAR1 cut short")
    app = open_models("teaching", "provenance")
    assert "teacher/predictions.parquet is damaged" in unescaped(app.error[0].value)
    assert "SHA-256 of the weights" in page_text(app)


def test_sections_that_do_not_apply_are_left_out(models: Path) -> None:
    labels = [expander.label for expander in open_models().expander]
    assert not any("Distillation" in label or "class weighting" in label for label in labels)
    assert len(labels) == len(SECTIONS) - 2


def test_sections_have_no_icon_which_would_hide_the_arrow_that_opens_them(models: Path) -> None:
    assert not any(expander.icon for expander in open_models().expander)


def test_the_card_of_each_chosen_model_can_be_downloaded(measured: Path) -> None:
    labels = [button.label for button in open_models().get("download_button")]
    assert labels == ["Figures as CSV", "Card of cnn", "Card of catboost"]
    text = card_files.card_file(record.read("catboost")).decode()
    assert text.startswith("---\n") and "# catboost\n" in text
    assert "87.6 % (87.0 to 88.0), n = 12" in text
    assert "The most harmful corruption is" in text
