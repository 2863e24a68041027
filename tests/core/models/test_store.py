"""Model folders are written completely, read back equal, and refused if their files do not match."""

import json
from dataclasses import replace

import numpy as np
import pytest

from core import emotions, paths
from core.classifiers.base import Run
from core.classifiers.families import CLASSIFIERS
from core.classifiers.loading import load_classifier
from core.evaluation.predictions import predict
from core.exceptions import InputError
from core.models import card as models_card
from core.models import folders, store
from core.models.store import read_card, read_history, read_predictions, write_model
from core.models.typed_json import from_json
from tests.core.classifiers.test_families import SMALL, striped_faces


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    fitted = CLASSIFIERS["cnn"].load_class()(SMALL["cnn"])
    run = Run(tmp_path_factory.mktemp("run"), lambda *_: None)
    return fitted, fitted.fit(striped_faces(4), striped_faces(2), run)


@pytest.fixture
def model(classifier, monkeypatch, tmp_path):
    """The card of a model `small`, written to an otherwise empty models folder."""
    from dataclasses import asdict

    import pandas as pd

    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path / "models")
    faces = striped_faces(1).faces
    card = models_card.Card(
        name="small",
        family="cnn",
        recipe_name="cnn-seed",
        classes=list(emotions.EMOTIONS),
        input="faces",
        recipe=asdict(SMALL["cnn"]),
        seed=42,
        split_sizes={"train": 28},
        data_fingerprint="0",
        parameters="few",
        scores={},
        weights_sha256="",
        size_bytes=0,
        ms_per_face=1.0,
        seconds=1.0,
        machine="",
        versions={},
        trained="",
    )
    ids = pd.Series([f"test/angry/{i}" for i in range(len(faces))])
    return write_model(card, classifier[0], classifier[1], predict(classifier[0], faces, ids))


def test_without_a_models_folder_there_are_no_model_names(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path / "nothing")
    assert folders.model_names() == []


def test_a_written_model_reads_back_equal(model, classifier):
    assert folders.model_names() == ["small"]
    assert read_card("small") == model
    assert model.size_bytes > 0 and len(model.weights_sha256) == 64
    faces = striped_faces(1).faces
    assert np.array_equal(load_classifier("small").predict_proba(faces), classifier[0].predict_proba(faces))
    assert read_history("small")["step"].tolist() == [1, 2]
    predictions = read_predictions("small")
    assert len(predictions) == 7
    assert np.allclose(predictions.filter(like="p_").sum(axis=1), 1, atol=1e-5)


def test_a_model_folder_contains_exactly_four_files(model):
    names = {path.name for path in (paths.MODELS_DIR / "small").iterdir()}
    assert names == {"weights.safetensors", "card.json", "history.csv", "predictions.parquet"}


def test_the_error_for_an_unknown_model_lists_the_known_ones(model):
    with pytest.raises(InputError, match="unknown model 'smal'; choose from small"):
        load_classifier("smal")


def test_weights_that_differ_from_the_card_are_refused(model):
    weights = paths.MODELS_DIR / "small" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    with pytest.raises(InputError, match="sha256 differs"):
        load_classifier("small")


def change_card(**values) -> None:
    store.write_card(replace(read_card("small"), **values), paths.MODELS_DIR / "small")


def test_a_card_with_other_classes_is_refused(model):
    change_card(classes=["happy", "sad"])
    with pytest.raises(InputError, match="has the classes happy, sad"):
        load_classifier("small")


def test_a_card_with_an_unknown_family_is_refused(model):
    change_card(family="svm")
    with pytest.raises(InputError, match="unknown family 'svm'; choose from cnn, catboost"):
        load_classifier("small")


def test_weights_with_another_shape_than_the_recipe_are_refused(model):
    change_card(recipe={**model.recipe, "hidden": 9})
    with pytest.raises(InputError, match="do not fit"):
        load_classifier("small")


def test_a_recipe_with_unknown_fields_is_refused(model):
    change_card(recipe={"widht": 3})
    with pytest.raises(InputError, match="unknown fields widht"):
        load_classifier("small")


@pytest.mark.parametrize("text", ["{", '{"name": "small"}'])
def test_a_damaged_card_is_an_input_error(model, text):
    (paths.MODELS_DIR / "small" / "card.json").write_text(text)
    with pytest.raises(InputError, match="is damaged"):
        read_card("small")


def test_a_card_with_a_field_of_the_wrong_type_is_refused(model):
    change_card(scores="none")
    with pytest.raises(InputError, match="scores must be an object"):
        read_card("small")


def update_card_json(**values) -> None:
    """Replace values in card.json; None removes a value."""
    path = paths.MODELS_DIR / "small" / "card.json"
    merged = {**json.loads(path.read_text()), **values}
    path.write_text(json.dumps({name: value for name, value in merged.items() if value is not None}))


OLD_CALIBRATION = {
    "temperature": 0.8,
    "fitted_on": "val, with cnn-student-2",
    "uncertain_below": 0.5,
    "coverage": 0.8,
    "kept_accuracy": 0.9,
}


def test_an_old_card_with_an_empty_calibration_can_be_read(model):
    update_card_json(calibration={}, role=None)
    card = read_card("small")
    assert card == model and card.calibration is None
    assert (card.role, card.temperature) == ("own", 1.0)


@pytest.mark.parametrize(("fitted_on", "model_name"), [("val, with cnn-student-2", "cnn-student-2"), ("val", None)])
def test_an_old_card_that_names_the_calibrating_model_in_fitted_on_can_be_read(model, fitted_on, model_name):
    update_card_json(calibration={**OLD_CALIBRATION, "fitted_on": fitted_on}, role=None)
    card = read_card("small")
    assert card.calibration == models_card.Calibration(0.8, "val", 0.5, 0.8, 0.9, fitted_with=model_name)
    assert card.role == "own"
    store.write_card(card, paths.MODELS_DIR / "small")
    assert read_card("small") == card
    calibrated = load_classifier("small")
    assert (calibrated.temperature, calibrated.uncertain_below) == (0.8, 0.5)


@pytest.mark.parametrize(
    "calibration",
    [{"temperature": 0.8}, {**OLD_CALIBRATION, "fitted_on": 1}, {**OLD_CALIBRATION, "temperature": "hot"}, "none", [1]],
)
def test_an_invalid_calibration_is_reported_as_a_damaged_card(model, calibration):
    update_card_json(calibration=calibration)
    with pytest.raises(InputError, match=r"card\.json is damaged"):
        read_card("small")


@pytest.mark.parametrize(("file", "read"), [("predictions.parquet", read_predictions), ("history.csv", read_history)])
def test_an_empty_table_file_is_an_input_error(model, file, read):
    (paths.MODELS_DIR / "small" / file).write_bytes(b"")
    with pytest.raises(InputError, match=f"small/{file} is damaged"):
        read("small")


def test_a_corrupt_table_is_an_input_error_or_still_readable(model):
    path = paths.MODELS_DIR / "small" / "predictions.parquet"
    whole = path.read_bytes()
    for start in range(4, len(whole), len(whole) // 40):
        path.write_bytes(whole[:start] + bytes(64) + whole[start + 64 :])
        try:
            read_predictions("small")  # some bytes can be lost without effect
        except InputError as error:
            assert "predictions.parquet is damaged" in str(error)


def test_a_temporary_folder_is_not_listed_as_a_model(model):
    (paths.MODELS_DIR / "small").rename(paths.MODELS_DIR / ".small.new")
    assert folders.model_names() == []


def test_a_kill_while_a_model_is_written_leaves_the_old_model(model, classifier, monkeypatch):
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_card", killed)
        with pytest.raises(KeyboardInterrupt):
            write_model(model, classifier[0], classifier[1], read_predictions("small"))
    assert folders.model_names() == ["small"]
    load_classifier("small")


def test_a_missing_file_is_an_input_error(model):
    (paths.MODELS_DIR / "small" / "predictions.parquet").unlink()
    with pytest.raises(InputError, match=r"has no predictions\.parquet"):
        read_predictions("small")


def test_every_recipe_config_round_trips_through_json():
    from dataclasses import asdict

    from core.training.recipes import RECIPES

    for recipe in RECIPES.values():
        values = json.loads(json.dumps(asdict(recipe.config)))
        assert from_json(type(recipe.config), values) == recipe.config
