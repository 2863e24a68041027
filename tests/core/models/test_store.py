"""Writing and reading model folders, including damaged ones and those of older versions."""

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
from core.models import folders, store
from core.models.card import Calibration, Card
from core.models.store import read_card, read_history, read_predictions, write_model
from core.models.typed_json import from_json
from tests.core.classifiers.test_families import SMALL, striped_faces


@pytest.fixture(scope="module")
def network_and_history(tmp_path_factory):
    """Return a fitted network and its training history."""
    network = CLASSIFIERS["cnn"].load_class()(SMALL["cnn"])
    run = Run(tmp_path_factory.mktemp("run"), lambda *_: None)
    return network, network.fit(striped_faces(4), striped_faces(2), run)


@pytest.fixture
def small_card(network_and_history, monkeypatch, tmp_path):
    """Write the model `small` to an otherwise empty models folder, and return its card."""
    from dataclasses import asdict

    import pandas as pd

    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path / "models")
    faces = striped_faces(1).faces
    card = Card(
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
    network, history = network_and_history
    return write_model(card, network, history, predict(network, faces, ids))


def test_without_a_models_folder_there_are_no_model_names(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path / "nothing")
    assert folders.model_names() == []


def test_a_model_is_read_as_it_was_written(small_card, network_and_history):
    network, _ = network_and_history
    assert folders.model_names() == ["small"]
    assert read_card("small") == small_card
    assert small_card.size_bytes > 0 and len(small_card.weights_sha256) == 64
    faces = striped_faces(1).faces
    assert np.array_equal(load_classifier("small").predict_proba(faces), network.predict_proba(faces))
    assert read_history("small")["step"].tolist() == [1, 2]
    predictions = read_predictions("small")
    assert len(predictions) == 7
    assert np.allclose(predictions.filter(like="p_").sum(axis=1), 1, atol=1e-5)


def test_a_model_folder_contains_exactly_four_files(small_card):
    names = {path.name for path in (paths.MODELS_DIR / "small").iterdir()}
    assert names == {"weights.safetensors", "card.json", "history.csv", "predictions.parquet"}


def test_the_error_for_an_unknown_model_lists_the_known_ones(small_card):
    with pytest.raises(InputError, match="unknown model 'smal'; choose from small"):
        load_classifier("smal")


def test_weights_that_differ_from_the_card_are_refused(small_card):
    weights = paths.MODELS_DIR / "small" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    with pytest.raises(InputError, match="sha256 differs"):
        load_classifier("small")


def change_card(**values) -> None:
    """Replace fields of the card. The values may be invalid."""
    store.write_card(replace(read_card("small"), **values), paths.MODELS_DIR / "small")


def test_a_card_with_other_classes_is_refused(small_card):
    change_card(classes=["happy", "sad"])
    with pytest.raises(InputError, match="has the classes happy, sad"):
        load_classifier("small")


def test_a_card_with_an_unknown_family_is_refused(small_card):
    change_card(family="svm")
    with pytest.raises(InputError, match="unknown family 'svm'; choose from cnn, catboost"):
        load_classifier("small")


def test_weights_that_do_not_fit_the_recipe_are_refused(small_card):
    change_card(recipe={**small_card.recipe, "hidden": 9})
    with pytest.raises(InputError, match="do not fit"):
        load_classifier("small")


def test_a_recipe_with_unknown_fields_is_refused(small_card):
    change_card(recipe={"widht": 3})
    with pytest.raises(InputError, match="unknown fields widht"):
        load_classifier("small")


@pytest.mark.parametrize("text", ["{", '{"name": "small"}'])
def test_a_damaged_card_is_an_input_error(small_card, text):
    (paths.MODELS_DIR / "small" / "card.json").write_text(text)
    with pytest.raises(InputError, match="is damaged"):
        read_card("small")


def test_a_card_with_a_field_of_the_wrong_type_is_refused(small_card):
    update_card_json(scores="none")
    with pytest.raises(InputError, match="scores must be an object"):
        read_card("small")


def update_card_json(**values) -> None:
    """Replace values in card.json. A value of None removes the key."""
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


def test_an_old_card_with_an_empty_calibration_can_be_read(small_card):
    update_card_json(calibration={}, role=None)
    card = read_card("small")
    assert card == small_card and card.calibration is None
    assert (card.role, card.temperature) == ("own", 1.0)


@pytest.mark.parametrize(("fitted_on", "model_name"), [("val, with cnn-student-2", "cnn-student-2"), ("val", None)])
def test_an_old_card_whose_fitted_on_may_name_another_model_can_be_read(small_card, fitted_on, model_name):
    update_card_json(calibration={**OLD_CALIBRATION, "fitted_on": fitted_on}, role=None)
    card = read_card("small")
    assert card.calibration == Calibration(0.8, "val", 0.5, 0.8, 0.9, fitted_with=model_name)
    assert card.role == "own"
    store.write_card(card, paths.MODELS_DIR / "small")
    assert read_card("small") == card
    calibrated = load_classifier("small")
    assert (calibrated.temperature, calibrated.uncertain_below) == (0.8, 0.5)


@pytest.mark.parametrize(
    "calibration",
    [{"temperature": 0.8}, {**OLD_CALIBRATION, "fitted_on": 1}, {**OLD_CALIBRATION, "temperature": "hot"}, "none", [1]],
)
def test_an_invalid_calibration_is_reported_as_a_damaged_card(small_card, calibration):
    update_card_json(calibration=calibration)
    with pytest.raises(InputError, match=r"card\.json is damaged"):
        read_card("small")


@pytest.mark.parametrize(("file", "read"), [("predictions.parquet", read_predictions), ("history.csv", read_history)])
def test_an_empty_table_file_is_an_input_error(small_card, file, read):
    (paths.MODELS_DIR / "small" / file).write_bytes(b"")
    with pytest.raises(InputError, match=f"small/{file} is damaged"):
        read("small")


def test_a_corrupt_predictions_file_is_an_input_error_or_still_readable(small_card):
    path = paths.MODELS_DIR / "small" / "predictions.parquet"
    intact = path.read_bytes()
    for start in range(4, len(intact), len(intact) // 40):
        path.write_bytes(intact[:start] + bytes(64) + intact[start + 64 :])
        try:
            read_predictions("small")  # some bytes can be overwritten without effect
        except InputError as error:
            assert "predictions.parquet is damaged" in str(error)


def test_a_temporary_folder_is_not_listed_as_a_model(small_card):
    (paths.MODELS_DIR / "small").rename(paths.MODELS_DIR / ".small.new")
    assert folders.model_names() == []


def test_the_old_model_remains_if_writing_a_new_one_is_killed(small_card, network_and_history, monkeypatch):
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_card", killed)
        with pytest.raises(KeyboardInterrupt):
            write_model(small_card, *network_and_history, read_predictions("small"))
    assert folders.model_names() == ["small"]
    load_classifier("small")


def test_a_missing_file_is_an_input_error(small_card):
    (paths.MODELS_DIR / "small" / "predictions.parquet").unlink()
    with pytest.raises(InputError, match=r"has no predictions\.parquet"):
        read_predictions("small")


def test_every_recipe_config_round_trips_through_json():
    from dataclasses import asdict

    from core.training.recipes import RECIPES

    for recipe in RECIPES.values():
        values = json.loads(json.dumps(asdict(recipe.config)))
        assert from_json(type(recipe.config), values) == recipe.config


def test_a_time_per_face_names_its_processor_only_if_the_model_was_trained_on_another_one(small_card):
    name = small_card.name
    store.write_card(replace(store.read_card(name), machine="Some CPU, 2 threads, no GPU"), folders.model_folder(name))
    store.update_ms_per_face(name, 1.5, "Other CPU")
    card = store.read_card(name)
    assert (card.ms_per_face, card.timing_processor) == (1.5, "Other CPU")
    store.update_ms_per_face(name, 1.25, "Some CPU")
    card = store.read_card(name)
    assert (card.ms_per_face, card.timing_processor) == (1.25, None)
