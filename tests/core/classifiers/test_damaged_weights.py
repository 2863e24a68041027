"""Weights that are damaged, hostile or of another model, although the card has their hash: a sentence for each."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file
from safetensors.torch import load_file as load_torch
from safetensors.torch import save_file as save_torch

from core import paths
from core.__main__ import main
from core.classifiers.calibrated import Calibrated
from core.classifiers.cnn.classifier import Cnn
from core.classifiers.cnn.config import CnnConfig
from core.classifiers.families import CLASSIFIERS
from core.classifiers.loading import load_classifier
from core.classifiers.onnx import OnnxConfig, OnnxNetwork
from core.classifiers.trees.embedding import EmbeddingTrees, EmbeddingTreesConfig
from core.classifiers.trees.features.table import COLUMNS, HandmadeConfig, HandmadeFeatures, check_arrays
from core.classifiers.trees.guest_pixels import GuestTrees, GuestTreesConfig
from core.classifiers.trees.handmade import HandmadeTrees, HandmadeTreesConfig
from core.classifiers.trees.pixels import CatBoost, CatBoostConfig
from core.evaluation.predictions import predicted_probabilities
from core.files import ContentError
from core.models import store
from core.models.folders import CARD
from tests.core.classifiers.test_families import striped_faces
from tests.fixtures import graphs
from tests.fixtures.damage import accept_weights, change_json, is_read_or_refused, model_path, refusal
from tests.fixtures.fakes import FakeClassifier
from tests.fixtures.models import write_model

WEIGHTS = "weights.safetensors"
CONFIG = CnnConfig(blocks=((4,), (8,)), hidden=8, epochs=(1,), learning_rates=(0.01,))
FEATURES = HandmadeConfig(gradient_words=4, gradient_components=4, patch_words=4, parts=2)


@pytest.fixture
def network(shipped: Path) -> Path:
    """Write the model `net` with the weights of a small network that was never trained; return its weights file."""
    return save_model("net", "cnn", CONFIG, Cnn(CONFIG))


@pytest.fixture
def pixel_trees(shipped: Path) -> Path:
    classifier = CatBoost(CatBoostConfig(iterations=2, depth=2))
    data = striped_faces(2)
    classifier._model = small_trees(classifier.features(data.faces), data.labels)
    return save_model("trees", "catboost", classifier.config, classifier)


@pytest.fixture
def handmade_trees(shipped: Path) -> Path:
    classifier = HandmadeTrees(HandmadeTreesConfig(features=FEATURES, iterations=2, depth=2))
    data = striped_faces(2)
    classifier._features, table = HandmadeFeatures.learn(FEATURES, data.faces, data.labels, seed=0)
    classifier._model = small_trees(table, np.tile(data.labels, 2))
    return save_model("handmade", "catboost-handmade", classifier.config, classifier)


@pytest.fixture
def embedding_trees(network: Path) -> Path:
    classifier = EmbeddingTrees(EmbeddingTreesConfig(network="net", iterations=2, depth=2))
    loaded = load_classifier("net").classifier
    data = striped_faces(2)
    classifier._network, classifier._network_sha256 = loaded, store.read_card("net").weights_sha256
    classifier._model = small_trees(classifier.features(data.faces), data.labels)
    return save_model("on-net", "catboost-embedding", classifier.config, classifier)


def small_trees(table: np.ndarray, labels: np.ndarray):
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(
        loss_function="MultiClass", iterations=2, depth=2, verbose=False, allow_writing_files=False, random_seed=0
    )
    return model.fit(table, labels)


def save_model(name: str, family: str, config, classifier) -> Path:
    folder = write_model(name, skill=1, family=family)
    classifier.save(folder)
    change_json(folder / CARD, "recipe", value=asdict(config))
    accept_weights(name, classifier.weights_file)
    return folder / classifier.weights_file


def refused(weights: Path) -> str:
    accept_weights(weights.parent.name, weights.name)
    return refusal(lambda: load_classifier(weights.parent.name))


@pytest.fixture
def guest_trees(pixel_trees: Path) -> Path:
    classifier = GuestTrees.from_bytes(pixel_trees.read_bytes(), GuestTreesConfig())
    return save_model("their-trees", "catboost-guest", classifier.config, classifier)


@pytest.fixture
def graph(shipped: Path) -> Path:
    content = graphs.linear(("n", 1, 48, 48), graphs.weights(2304), softmax=True)
    classifier = OnnxNetwork.from_bytes(content, OnnxConfig())
    return save_model("graph", "onnx", classifier.config, classifier)


@pytest.fixture(params=["network", "pixel_trees", "handmade_trees", "embedding_trees", "guest_trees", "graph"])
def weights(request: pytest.FixtureRequest) -> Path:
    """The weights file of a model of each family."""
    return request.getfixturevalue(request.param)


def test_undamaged_weights_are_loaded(weights):
    probabilities = load_classifier(weights.parent.name).predict_proba(striped_faces(1).faces)
    assert probabilities.shape == (7, 7) and np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def with_header(length: int):
    return lambda content: length.to_bytes(8, "little") + content[8:]


def with_offsets_out_of_range(content: bytes) -> bytes:
    start = content.index(b'"data_offsets":[') + len(b'"data_offsets":[')
    end = content.index(b"]", start)
    return content[:start] + b"0,9999999999"[: end - start].ljust(end - start) + content[end:]


DAMAGES = {
    "empty": lambda content: b"",
    "cut short": lambda content: content[: len(content) // 2],
    "one byte short": lambda content: content[:-1],
    "0xFF bytes": lambda content: b"\xff" * len(content),
    "zero bytes": lambda content: bytes(len(content)),
    "a header of 2^62 bytes": with_header(2**62),
    "a header of all bytes": with_header(2**64 - 1),
    "text": lambda content: b"hello" * 100,
    "a pickle": lambda content: (
        b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x08builtins\x94\x8c\x04eval\x94\x93."
    ),
}


@pytest.mark.case("m4")
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_weights_with_a_matching_hash_are_refused(weights, damage):
    weights.write_bytes(damage(weights.read_bytes()))
    assert f"{weights.parent.name}/{weights.name}" in refused(weights)


@pytest.mark.case("m4")
@pytest.mark.parametrize("fixture", ["network", "handmade_trees", "embedding_trees"])
def test_offsets_out_of_range_are_refused(request, fixture):
    weights = request.getfixturevalue(fixture)
    weights.write_bytes(with_offsets_out_of_range(weights.read_bytes()))
    assert f"{weights.parent.name}/{weights.name}" in refused(weights)


TENSORS = {
    "a missing tensor": lambda tensors: {name: t for name, t in tensors.items() if name != "head.1.weight"},
    "an unknown tensor": lambda tensors: {**tensors, "extra": torch.zeros(2)},
    "another shape": lambda tensors: {**tensors, "head.1.weight": torch.zeros(3, 3)},
    "integers": lambda tensors: {**tensors, "head.1.weight": tensors["head.1.weight"].to(torch.int8)},
    "complex numbers": lambda tensors: {**tensors, "head.1.weight": tensors["head.1.weight"].to(torch.complex64)},
    "no tensors": lambda tensors: {},
}


@pytest.mark.case("m4")
@pytest.mark.parametrize("change", TENSORS.values(), ids=TENSORS)
def test_tensors_of_another_network_are_refused(network, change):
    save_torch(change(load_torch(network)), network)
    assert "net/weights.safetensors do not fit the network" in refused(network)


def filled(value: float, only: str = ""):
    """Return a function that fills the tensors whose name contains `only`."""
    return lambda tensors: {
        name: torch.full_like(tensor, value) if tensor.is_floating_point() and only in name else tensor
        for name, tensor in tensors.items()
    }


NOT_FINITE = {
    "all weights NaN": filled(float("nan")),
    "all weights infinite": filled(float("inf")),
    "one bias NaN": filled(float("nan"), "head.1.bias"),
    "negative variances": filled(-1.0, "running_var"),
}


@pytest.mark.case("m3")
@pytest.mark.parametrize("change", NOT_FINITE.values(), ids=NOT_FINITE)
def test_a_network_with_values_that_are_no_numbers_is_refused(network, change, capsys):
    save_torch(change(load_torch(network)), network)
    assert "net/weights.safetensors" in refused(network)
    assert main(["evaluate", "net", "--json"]) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.case("m3")
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_features_that_are_not_finite_are_refused(handmade_trees, value):
    arrays = load_file(handmade_trees)
    arrays["patch_words.mean"][0] = value
    save_file(arrays, handmade_trees)
    assert "patch_words.mean has values that are not finite" in refused(handmade_trees)


@pytest.mark.case("m3")
def test_trees_whose_leaves_are_not_finite_are_refused(pixel_trees):
    from catboost import CatBoostClassifier

    model = CatBoostClassifier().load_model(str(pixel_trees))
    leaves = model.get_leaf_values()
    leaves[-1] = np.nan
    model.set_leaf_values(leaves)
    model.save_model(str(pixel_trees))
    assert "a value in its trees is not a finite number" in refused(pixel_trees)


@pytest.mark.case("m3")
@pytest.mark.parametrize("value", [float("nan"), float("inf"), 0])
def test_a_temperature_that_is_no_temperature_is_refused_on_loading(network, value):
    calibration = {"fitted_on": "val", "uncertain_below": 0.4, "coverage": 0.8, "kept_accuracy": 0.7}
    change_json(model_path("net", CARD), "calibration", value={**calibration, "temperature": value})
    assert "net/card.json is damaged" in refusal(lambda: load_classifier("net"))


def test_probabilities_that_are_not_finite_are_refused_when_they_are_predicted():
    faces = np.zeros((2, 48, 48), np.uint8)
    diverged = FakeClassifier(answer=[np.nan] * 7)
    assert "not finite" in refusal(lambda: Calibrated(diverged, 2.0).predict_proba(faces))
    assert "not finite" in refusal(lambda: predicted_probabilities(diverged, faces))


RECIPES = {
    "20,000 channels": {"blocks": [[20_000, 20_000]]},
    "a trillion channels": {"blocks": [[10**12]]},
    "a million hidden units": {"hidden": 10**6},
    "too many blocks": {"blocks": [[4]] * 9},
    "300 layers": {"blocks": [[4] * 300]},
    "no blocks": {"blocks": []},
    "negative hidden units": {"hidden": -3},
    "more than all units dropped": {"dropout": 1.5},
    "an empty window": {"window": 0},
}


@pytest.mark.case("m2")
@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_an_impossible_recipe_is_refused_before_a_network_is_built(network, recipe, monkeypatch):
    for name, value in recipe.items():
        change_json(model_path("net", CARD), "recipe", name, value=value)
    monkeypatch.setattr(torch.nn.Module, "to", lambda *_args, **_options: pytest.fail("the network was built"))
    assert "net/" in refusal(lambda: load_classifier("net"))


@pytest.mark.case("m2")
@pytest.mark.parametrize(
    "values",
    [
        {"cell": 10**9},
        {"cell": 0},
        {"parts": 10**6},
        {"patch_stride": 0},
        {"gradient_words": 10**12},
        {"patch_side": 99},
    ],
)
def test_sizes_of_features_that_would_need_too_much_memory_are_refused(handmade_trees, values):
    for name, value in values.items():
        change_json(model_path("handmade", CARD), "recipe", "features", name, value=value)
    assert "do not fit card.json" in refusal(lambda: load_classifier("handmade"))


def test_the_shipped_features_have_the_expected_arrays():
    card = store.read_card("catboost")
    arrays = load_file(paths.MODELS_DIR / "catboost" / WEIGHTS)
    arrays.pop("trees")
    config = CLASSIFIERS[card.family].config_type
    features = HandmadeConfig(**card.recipe["features"])
    assert config is HandmadeTreesConfig
    check_arrays(features, arrays)
    with pytest.raises(ContentError, match="other names"):
        check_arrays(features, {})


def test_trees_on_other_features_are_refused(handmade_trees):
    arrays = load_file(handmade_trees)
    other = small_trees(np.random.default_rng(0).random((14, 3), np.float32), np.arange(7).repeat(2))
    from core.classifiers.trees.growing import trees_to_bytes

    save_file({**arrays, "trees": trees_to_bytes(other)}, handmade_trees)
    assert f"not {COLUMNS} features" in refused(handmade_trees)


def test_a_model_that_needs_itself_is_refused(embedding_trees):
    change_json(model_path("on-net", CARD), "recipe", "network", value="on-net")
    assert "model on-net needs itself" in refusal(lambda: load_classifier("on-net"))


IMPOSSIBLE = {
    "another layout": ({"layout": "flat"}, "do not fit"),
    "another side": ({"height": 24}, "do not fit"),
    "an output that it lacks": ({"output": 5}, "fewer outputs"),
    "a negative output": ({"output": -1}, "at least 0"),
    "a huge side": ({"width": 100_000}, "8 to 512 pixels"),
    "five means": ({"mean": [0.1] * 5}, "one number or one per channel"),
    "a class twice": ({"classes": ["angry"] * 7}, "the seven emotions"),
    "another scale": ({"scale": 3}, "scale must be one of 1, 255"),
}


@pytest.mark.parametrize(("changes", "reason"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_graph_with_an_impossible_recipe_is_refused(graph, changes, reason):
    for field, value in changes.items():
        change_json(model_path("graph", CARD), "recipe", field, value=value)
    assert reason in refusal(lambda: load_classifier("graph"))


def test_weights_that_are_a_folder_or_a_fifo_are_refused(network):
    import os

    network.unlink()
    network.mkdir()
    assert "is not a file" in refusal(lambda: load_classifier("net"))
    network.rmdir()
    os.mkfifo(network)
    assert "is not a file" in refusal(lambda: load_classifier("net"))


@pytest.mark.property
@pytest.mark.parametrize("fixture", ["network", "handmade_trees"])
@given(data=st.data())
def test_weights_with_any_other_bytes_are_loaded_or_refused(request, fixture, data):
    weights = request.getfixturevalue(fixture)
    original = weights.read_bytes()
    # The trees in the file are left alone: CatBoost's own reader may crash on trees that were made to fool it.
    header = 8 + int.from_bytes(original[:8], "little")
    start = data.draw(st.integers(0, header))
    length = data.draw(st.integers(0, 30))
    weights.write_bytes(original[:start] + data.draw(st.binary(max_size=30)) + original[min(start + length, header) :])
    try:
        accept_weights(weights.parent.name, weights.name)
        is_read_or_refused(lambda: load_classifier(weights.parent.name))
    finally:
        weights.write_bytes(original)


@pytest.mark.property
@given(data=st.data())
def test_a_network_with_any_other_hyperparameters_is_loaded_or_refused(network, data):
    from tests.fixtures.json_values import changed

    card = model_path("net", CARD)
    original = card.read_text()
    change_json(card, "recipe", value=changed(asdict(CONFIG), data))
    try:
        is_read_or_refused(lambda: load_classifier("net"))
    finally:
        card.write_text(original)
