"""Damaged model folders on every page: the model or section is left out with a sentence, all else stays."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import paths
from core.benchmarks import robustness, steadiness
from core.benchmarks.steadiness import Steadiness
from core.classifiers.base import LabelledFaces
from core.exceptions import InputError
from core.models import store
from core.models.folders import CARD, HISTORY, PREDICTIONS
from dashboard import keys, resources
from dashboard.pages.models import about, calibration, card_files, comparison, recipes, record, teaching, weighting
from dashboard.pages.overview import tables as overview_tables
from tests.dashboard.pages.models.visiting import SECTIONS, open_models
from tests.dashboard.pages.visiting import open_with_consent, page_text, unescaped
from tests.fixtures.damage import REMOVED, change_json, change_predictions, model_path
from tests.fixtures.fakes import FakeClassifier
from tests.fixtures.json_values import HYPERPARAMETERS, changed, json_values
from tests.fixtures.models import write_model

MODEL_PAGES = ("overview", "models", "compare", "errors", "photo", "live")


@pytest.fixture
def three_models(models: Path) -> Path:
    """Write a third model, `third`, which the tests damage; return its folder."""
    faces = LabelledFaces(np.zeros((12, 48, 48), np.uint8), np.full(12, 3))
    folder = write_model("third", skill=2, seed=3)
    for name in ("cnn", "third"):
        robustness.write_robustness(name, robustness.measure(FakeClassifier(answer="happy"), faces))
        steadiness.write_steadiness(name, Steadiness(0.9, 0.88, 0.92, 12, 8, 42))
    return folder


def visible_text(url_path: str, **query: str | list[str]) -> str:
    return unescaped(page_text(open_with_consent(url_path, **query)))


def chosen_and_offered(url_path: str) -> set[str]:
    """Return the names of the models that the pickers of a page offer."""
    app = open_with_consent(url_path)
    keys_of_models = (keys.MODELS, keys.MODEL_A, keys.MODEL_B)
    pickers = [box for box in (*app.multiselect, *app.selectbox) if box.key in keys_of_models]
    return {option.split(" · ")[0] for picker in pickers for option in picker.options}


CARDS: dict[str, Callable[[Path], object]] = {
    "nested deeply": lambda file: file.write_text("[" * 100_000),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
    "empty": lambda file: file.write_bytes(b""),
    "temperature 0": lambda file: change_json(
        file,
        "calibration",
        value={"temperature": 0, "fitted_on": "val", "uncertain_below": 0, "coverage": 1, "kept_accuracy": 1},
    ),
    "scores that are texts": lambda file: change_json(file, "scores", value={"test": "x"}),
    "classes that are numbers": lambda file: change_json(file, "classes", value=[1, 2]),
    "without a name": lambda file: change_json(file, "name", value=REMOVED),
}


@pytest.mark.case("m1")
@pytest.mark.case("m2")
@pytest.mark.parametrize("damage", CARDS.values(), ids=CARDS)
@pytest.mark.parametrize("url_path", MODEL_PAGES)
def test_a_damaged_card_leaves_out_its_model_on_every_page(url_path, three_models, damage):
    damage(three_models / CARD)
    text = visible_text(url_path)
    assert "The model folder third is left out: third/card.json" in text
    assert url_path == "overview" or chosen_and_offered(url_path) == {"cnn", "catboost"}


def test_a_damaged_card_appears_again_when_it_is_restored_with_its_old_date(three_models):
    import os

    file = three_models / CARD
    content, status = file.read_bytes(), file.stat()
    file.write_bytes(b"{}")
    assert "third is left out" in visible_text("overview")
    file.write_bytes(content)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert "left out" not in visible_text("overview")


PREDICTION_DAMAGES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "without p_happy": lambda table: table.drop(columns="p_happy"),
    "without image_id": lambda table: table.drop(columns="image_id"),
    "an image twice": lambda table: pd.concat([table, table]),
    "NaN": lambda table: table.assign(p_sad=np.float32("nan")),
    "happiness": lambda table: table.assign(predicted_label="happiness"),
}


@pytest.mark.case("m5")
@pytest.mark.parametrize("change", PREDICTION_DAMAGES.values(), ids=PREDICTION_DAMAGES)
@pytest.mark.parametrize("url_path", ["compare", "errors"])
def test_damaged_predictions_leave_out_their_model_where_models_are_compared(url_path, three_models, change):
    change_predictions("third", change)
    text = visible_text(url_path, a="third")
    assert "The model third is left out here: third/predictions.parquet is damaged (" in text
    assert chosen_and_offered(url_path) == {"cnn", "catboost"}


@pytest.mark.case("m5")
@pytest.mark.parametrize("change", PREDICTION_DAMAGES.values(), ids=PREDICTION_DAMAGES)
def test_damaged_predictions_hide_only_the_calibration_of_a_card(three_models, change):
    calibration = {"temperature": 1.5, "fitted_on": "val", "uncertain_below": 0.3, "coverage": 0.8, "kept_accuracy": 1}
    change_json(three_models / CARD, "calibration", value=calibration)
    change_predictions("third", change)
    app = open_models(*SECTIONS, models=["third", "cnn"])
    assert "third/predictions.parquet is damaged (" in unescaped(app.error[0].value)
    assert len(app.error) == 1
    assert len(app.get("plotly_chart")) == 2  # robustness and training curves
    assert "third is left out" not in visible_text("overview")  # its figures come from the card


def test_all_predictions_damaged_is_said_instead_of_comparing(models):
    for name in ("cnn", "catboost"):
        (paths.MODELS_DIR / name / PREDICTIONS).unlink()
    text = visible_text("compare")
    assert "cnn has no predictions.parquet" in text and "catboost has no predictions.parquet" in text
    assert "None of the models can be used here" in text


@pytest.mark.case("m5")
@pytest.mark.parametrize("url_path", ["compare", "errors", "models"])
def test_predictions_of_other_images_are_a_notice(url_path, three_models):
    calibration = {"temperature": 1.5, "fitted_on": "val", "uncertain_below": 0.3, "coverage": 0.8, "kept_accuracy": 1}
    change_json(three_models / CARD, "calibration", value=calibration)
    change_predictions("third", lambda table: table.assign(image_id=[f"mine/{i}" for i in range(len(table))]))
    app = open_models("calibration", models="third") if url_path == "models" else open_with_consent(url_path, a="third")
    notices = [unescaped(info.value) for info in app.info]
    assert any("has none of the images that third has predicted" in notice for notice in notices)
    assert not app.error


@pytest.mark.case("m6")
@pytest.mark.parametrize(
    ("file_name", "content"),
    [
        (HISTORY, "epoch,loss\n1,0.5\n"),
        (HISTORY, "step,kept\nlast,1\n"),
        (HISTORY, ""),
        (robustness.ROBUSTNESS, "kind,value\nnoise,1\n"),
        (robustness.ROBUSTNESS, ",".join(robustness.COLUMNS) + "\nclean,0,,,12,0.5,0.4,0.6\n"),
        (steadiness.STEADINESS, "[]"),
        (steadiness.STEADINESS, '{"share": "high", "low": 0, "high": 1, "n": 1, "draws": 1, "seed": 1}'),
    ],
)
def test_a_damaged_table_hides_only_its_part_of_the_model(three_models, file_name, content):
    (three_models / file_name).write_text(content)
    app = open_models(*SECTIONS, models=["third", "cnn"])
    assert [f"third/{file_name} is damaged" in unescaped(error.value) for error in app.error] == [True]
    text = page_text(app)
    assert '<th scope="col">third</th><th scope="col">cnn</th>' in text
    assert ("damaged file" in text) == (file_name != HISTORY)
    assert not any("has not been measured" in caption.value for caption in app.caption)
    assert len(app.get("plotly_chart")) == 2  # cnn has robustness and training curves


def test_a_robustness_table_without_one_corruption_is_shown_with_dashes(three_models):
    file = three_models / robustness.ROBUSTNESS
    table = pd.read_csv(file, keep_default_na=False)
    table[table["corruption"] != "JPEG"].to_csv(file, index=False)
    app = open_models(models=["third", "cnn"], corruption="JPEG")
    assert not app.error and app.selectbox("corruption").value == "JPEG"


@pytest.mark.case("m3")
@pytest.mark.case("m4")
@pytest.mark.parametrize("url_path", ["photo", "live"])
def test_a_model_whose_weights_cannot_be_loaded_is_left_out(url_path, three_models, monkeypatch):
    def load(name: str) -> FakeClassifier:
        if name == "third":
            raise InputError("third/weights.safetensors does not predict probabilities.")
        return FakeClassifier(answer="happy")

    monkeypatch.setattr(resources.recognition, "load_classifier", load)
    app = open_with_consent(url_path, models=["third", "cnn"])
    assert unescaped(app.warning[0].value).startswith(
        "The model third is left out: third/weights.safetensors does not predict probabilities."
    )
    assert not app.error
    assert url_path == "live" or "cnn: happy 100 %" in page_text(app)


@pytest.mark.parametrize("url_path", ["photo", "live"])
def test_if_no_chosen_model_can_be_loaded_the_page_says_so(url_path, three_models, monkeypatch):
    def refuse(name: str) -> FakeClassifier:
        raise InputError(f"{name}/weights.safetensors is damaged.")

    monkeypatch.setattr(resources.recognition, "load_classifier", refuse)
    app = open_with_consent(url_path, models="third")
    assert any("None of the chosen models can be used" in info.value for info in app.info)
    assert app.multiselect("models").options


@pytest.mark.parametrize("url_path", MODEL_PAGES)
def test_a_recipe_of_another_form_hides_no_page(url_path, three_models):
    for name, value in {"teachers": 5, "augmentation": [1], "epochs": "many", "class_weights": {}}.items():
        change_json(three_models / CARD, "recipe", name, value=value)
    app = open_with_consent(url_path, models=["third", "cnn"], a="third")
    assert not app.error


HOSTILE = "![x](http://127.0.0.1:9/evil.png) $x^2$ <b>bold</b>"


@pytest.mark.case("p6")
@pytest.mark.parametrize("url_path", MODEL_PAGES)
def test_texts_of_a_card_are_shown_as_they_are(url_path, three_models):
    for field in ("parameters", "machine", "input", "trained", "family", "recipe_name"):
        change_json(three_models / CARD, field, value=HOSTILE)
    calibration = {"temperature": 1.5, "uncertain_below": 0.3, "coverage": 0.8, "kept_accuracy": 1}
    change_json(three_models / CARD, "calibration", value={**calibration, "fitted_on": HOSTILE, "fitted_with": HOSTILE})
    app = open_with_consent(url_path, models=["third", "cnn"], a="third")
    for element in [*app.markdown, *app.caption, *app.info, *app.warning, *app.error]:
        outside_code = re.sub("`[^`]*`", "", element.value)
        assert "![x](" not in outside_code and "<b>" not in outside_code
    assert "<b>bold" not in "".join(block.proto.body for block in app.get("html"))


@pytest.mark.property
@given(data=st.data())
def test_every_card_that_can_be_read_can_be_shown(three_models, data):
    file = model_path("third", CARD)
    original = file.read_text()
    content = json.loads(original)
    if data.draw(st.booleans()):
        content = changed(content, data)
    else:
        content["recipe"][data.draw(HYPERPARAMETERS)] = data.draw(json_values())
    file.write_text(json.dumps(content))
    try:
        card = store.read_card("third")
    except InputError:
        return
    finally:
        file.write_text(original)
    third = replace(record.read("third"), card=card)
    about.html([third, record.read("cnn")])
    comparison.rows([third, record.read("cnn")])
    comparison.csv_table([third])
    calibration.rows([card], {})
    recipes.hyperparameters([card])
    recipes.provenance([card])
    card_files.card_file(third)
    if teaching.teachers(card):
        teaching.distillation_text(card)
    weighting.plain_weighted_pairs([card, store.read_card("cnn")])
    overview_tables.overview([card])
    overview_tables.descriptions([card])
    overview_tables.points([card])
    overview_tables.scores([card])
