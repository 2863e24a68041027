"""CatBoost's trees of others: both scales, orders of classes, and models that do not fit."""

from pathlib import Path

import numpy as np
import pytest

from core.emotions import CSV_EMOTIONS
from core.exchange.guests.readers import catboost_file, checking
from core.runtime.limited import LimitError
from tests.core.classifiers.test_families import striped_faces
from tests.core.exchange.guests.readers.cases import OTHER_ORDER, check, in_order_of_emotions, read
from tests.fixtures.damage import refusal

DATA = striped_faces(12)
WORDS = np.array(["anger", "Disgust", "fear", "happiness", "neutral", "sad", "surprised"])
SORTED_WORDS = ("disgust", "angry", "fear", "happy", "neutral", "sad", "surprise")
"""The emotions in the order into which CatBoost sorts `WORDS`: capital letters first."""


def pixels(divisor: int = 255) -> np.ndarray:
    return DATA.faces.reshape(len(DATA.faces), -1).astype(np.float32) / np.float32(divisor)


def fitted(features: np.ndarray, labels, loss: str = "MultiClass", regressor: bool = False):
    from catboost import CatBoostClassifier, CatBoostRegressor

    kind = CatBoostRegressor if regressor else CatBoostClassifier
    model = kind(loss_function=loss, iterations=8, depth=2, random_seed=0, verbose=False, allow_writing_files=False)
    return model.fit(features, labels)


@pytest.fixture
def content_of(tmp_path: Path):
    """A function that returns the .cbm file of a model."""

    def save(model) -> bytes:
        model.save_model(str(tmp_path / "trees.cbm"))
        return (tmp_path / "trees.cbm").read_bytes()

    return save


@pytest.mark.parametrize("scale", [255, 1])
def test_trees_predict_as_before_with_the_scale_that_they_were_fitted_with(content_of, scale):
    model = fitted(pixels(scale), DATA.labels)
    guest = check("trees.cbm", content_of(model), scale=scale)
    assert np.allclose(guest.classifier.predict_proba(DATA.faces), model.predict_proba(pixels(scale)), atol=1e-6)
    assert guest.recipe == {"scale": scale, "classes": guest.recipe["classes"]}


def test_the_scale_is_255_unless_given_and_the_other_one_is_told_apart_by_the_predictions(content_of):
    content = content_of(fitted(pixels(1), DATA.labels))
    accuracies = {
        scale: (read("trees.cbm", content, scale=scale).classifier.predict_proba(DATA.faces).argmax(1) == DATA.labels)
        for scale in catboost_file.READER.scales
    }
    assert read("trees.cbm", content).recipe["scale"] == catboost_file.READER.scales[0] == 255
    assert accuracies[1].mean() > 0.9 and accuracies[255].mean() < 0.5


@pytest.mark.parametrize("classes", [OTHER_ORDER, CSV_EMOTIONS])
def test_the_order_of_numbered_classes_is_that_of_the_options(content_of, classes):
    model = fitted(pixels(), DATA.labels)
    guest = read("trees.cbm", content_of(model), classes=classes)
    want = in_order_of_emotions(model.predict_proba(pixels()), classes)
    assert np.allclose(guest.classifier.predict_proba(DATA.faces), want, atol=1e-6)


def test_classes_that_are_called_by_the_names_of_emotions_tell_their_order(content_of):
    model = fitted(pixels(), WORDS[DATA.labels])
    content = content_of(model)
    want = in_order_of_emotions(model.predict_proba(pixels()), SORTED_WORDS)
    for guest in (check("trees.cbm", content), read("trees.cbm", content, classes=OTHER_ORDER)):
        assert np.allclose(guest.classifier.predict_proba(DATA.faces), want, atol=1e-6)
        assert guest.recipe["classes"] == list(SORTED_WORDS)
    assert "itself says" in refusal(lambda: check("trees.cbm", content, classes=OTHER_ORDER))


def test_trees_that_were_fitted_one_class_against_all_others_give_rows_that_sum_to_1(content_of):
    model = fitted(pixels(), DATA.labels, "MultiClassOneVsAll")
    probabilities = read("trees.cbm", content_of(model)).classifier.predict_proba(DATA.faces)
    separate = model.predict_proba(pixels())
    assert not np.allclose(separate.sum(axis=1), 1, atol=1e-3)
    assert np.allclose(probabilities, separate / separate.sum(axis=1, keepdims=True), atol=1e-6)


OTHERS = {
    "fifty features": (lambda: fitted(pixels()[:, :50], DATA.labels), "its 50 features"),
    "features of an image twice as large": (
        lambda: fitted(np.tile(pixels(), 2), DATA.labels),
        "its 4,608 features",
    ),
    "six classes": (lambda: fitted(pixels(), DATA.labels % 6), "6 classes"),
    "regression": (lambda: fitted(pixels(), DATA.labels.astype(float), "RMSE", regressor=True), "no classes"),
    "seven regressions": (
        lambda: fitted(pixels(), np.eye(7)[DATA.labels], "MultiRMSE", regressor=True),
        "no classes",
    ),
}


@pytest.mark.parametrize(("make", "reason"), OTHERS.values(), ids=OTHERS)
def test_other_trees_are_refused(content_of, make, reason):
    content = content_of(make())
    assert reason in refusal(lambda: catboost_file.check_here(content, {"name": "trees.cbm", "options": {}}))


@pytest.mark.parametrize("damage", [lambda content: content[: len(content) // 2], lambda content: b"hello" * 100])
def test_damaged_trees_are_refused(content_of, damage):
    content = damage(content_of(fitted(pixels(), DATA.labels)))
    assert "it is not a CatBoost model" in refusal(lambda: check("trees.cbm", content))


def test_trees_that_make_the_library_crash_are_refused(content_of, monkeypatch):
    def crash(*_args) -> None:
        raise LimitError("crash")

    monkeypatch.setattr(checking, "run_limited", crash)
    content = content_of(fitted(pixels(), DATA.labels))
    assert "so it is damaged" in refusal(lambda: check("trees.cbm", content))


@pytest.mark.parametrize("options", [{"layout": "nchw"}, {"channels": 1}, {"mean": (0.5,)}, {"std": (0.5,)}])
def test_options_for_graphs_are_refused(content_of, options):
    content = content_of(fitted(pixels(), DATA.labels))
    request = {"name": "trees.cbm", "options": options}
    assert f"leave out {next(iter(options))}" in refusal(lambda: catboost_file.check_here(content, request))
