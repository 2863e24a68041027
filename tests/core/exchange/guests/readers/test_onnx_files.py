"""ONNX graphs of every layout predict what NumPy computes, and what they do not say is taken from the options."""

import json
import warnings

import numpy as np
import pytest
from onnx import TensorProto, helper

from core.classifiers.loading import load_classifier
from core.emotions import CSV_EMOTIONS, EMOTIONS
from core.models import store
from core.models.folders import guests_folder
from tests.core.exchange.guests.readers.cases import (
    FACES,
    OTHER_ORDER,
    check,
    in_order_of_emotions,
    read,
    softmax,
)
from tests.fixtures import graphs

SIDES = 48, 24, 96


def resized(side: int) -> np.ndarray:
    """Return `FACES` with another side as floats: means of squares if smaller, bilinear interpolation if larger."""
    faces = FACES.astype(np.float64)
    if side == 48:
        return faces
    if side == 24:
        return faces.reshape(len(faces), 24, 2, 24, 2).mean(axis=(2, 4))
    centres = (np.arange(side) + 0.5) * 48 / side - 0.5
    distances = np.abs(np.clip(centres, 0, 47)[:, None] - np.arange(48))
    weights = np.clip(1 - distances, 0, None)  # (side, 48)
    return np.einsum("ih,nhw,jw->nij", weights, faces, weights)


def expected(dims: tuple[int | str, ...], levels: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return the probabilities of a linear graph; `levels` are (n, h, w) or (n, h, w, c) gray levels, scaled."""
    rows = []
    for face in levels:
        numbers = [
            face[(h, w, c) if face.ndim == 3 else (h, w)]
            for h, w, c in positions(dims, face.shape[0], face.shape[-1] if face.ndim == 3 else 1)
        ]
        rows.append(np.array(numbers) @ matrix.astype(np.float64))
    return softmax(np.array(rows))


def positions(dims, side: int, channels: int):
    """Yield row, column and channel of each number in the order of the axes `dims`."""
    channels_first = len(dims) == 4 and dims[1] in (1, 3)
    if channels_first:
        return [(h, w, c) for c in range(channels) for h in range(side) for w in range(side)]
    return [(h, w, c) for h in range(side) for w in range(side) for c in range(channels)]


@pytest.mark.parametrize("softmax_inside", [True, False])
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
def test_each_layout_number_of_channels_and_side_gives_the_probabilities_of_numpy(
    layout, channels, side, softmax_inside
):
    dims = ("n", channels, side, side) if layout == "nchw" else ("n", side, side, channels)
    matrix = graphs.weights(channels * side * side)
    model = read("net.onnx", graphs.linear(dims, matrix, softmax_inside))
    levels = np.repeat(resized(side)[..., None] / 255, channels, axis=-1)
    assert np.abs(model.classifier.predict_proba(FACES) - expected(dims, levels, matrix)).max() < 5e-3
    assert model.recipe["layout"] == layout and model.recipe["channels"] == channels
    assert model.recipe["values"] == ("probabilities" if softmax_inside else "logits")
    assert (model.recipe["height"], model.recipe["width"]) == (side, side)


@pytest.mark.parametrize("dims", [("n", 48, 48), ("n", 2304)], ids=["without channels", "one row"])
def test_graphs_without_an_axis_of_channels_are_read(dims):
    matrix = graphs.weights(2304)
    model = read("net.onnx", graphs.linear(dims, matrix))
    assert np.allclose(model.classifier.predict_proba(FACES), expected(dims, FACES / 255, matrix), atol=1e-4)


@pytest.mark.parametrize("dtype", [TensorProto.DOUBLE, TensorProto.FLOAT16])
def test_other_floats_are_read(dtype):
    matrix = graphs.weights(2304)
    model = read("net.onnx", graphs.linear(("n", 1, 48, 48), matrix, dtype=dtype))
    want = expected(("n", 1, 48, 48), FACES[..., None] / 255, matrix)
    assert np.allclose(model.classifier.predict_proba(FACES), want, atol=5e-3)


def test_a_graph_of_whole_gray_levels_gets_them_as_they_are():
    matrix = graphs.weights(2304) / 255
    content = graphs.linear(("n", 48, 48), matrix, dtype=TensorProto.UINT8)
    model = check("net.onnx", content)
    assert model.recipe["scale"] == 1
    assert np.allclose(model.classifier.predict_proba(FACES), expected(("n", 48, 48), FACES, matrix), atol=1e-4)
    assert read("net.onnx", content, scale=255).recipe["scale"] == 1  # what the graph says takes precedence


def test_scale_mean_and_std_are_applied_in_this_order():
    matrix = graphs.weights(3 * 2304)
    dims = ("n", 3, 48, 48)
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    model = read("net.onnx", graphs.linear(dims, matrix / 10), mean=mean, std=std)
    levels = (np.repeat(FACES[..., None] / 255, 3, axis=-1) - mean) / std
    assert np.allclose(model.classifier.predict_proba(FACES), expected(dims, levels, matrix / 10), atol=1e-4)
    model = read("net.onnx", graphs.linear(dims, matrix / 100), scale=1, mean=(127.5,), std=(2.0,))
    levels = (np.repeat(FACES[..., None].astype(float), 3, axis=-1) - 127.5) / 2
    assert np.allclose(model.classifier.predict_proba(FACES), expected(dims, levels, matrix / 100), atol=1e-4)


def test_axes_that_the_graph_leaves_open_are_taken_from_the_options():
    matrix = graphs.weights(3 * 2304)
    content = graphs.linear(("n", None, None, None), matrix)
    model = read("net.onnx", content, layout="nhwc", channels=3)
    levels = np.repeat(FACES[..., None] / 255, 3, axis=-1)
    want = expected(("n", 48, 48, 3), levels, matrix)
    assert np.allclose(model.classifier.predict_proba(FACES), want, atol=1e-4)


@pytest.mark.parametrize("classes", [OTHER_ORDER, CSV_EMOTIONS])
def test_the_order_of_the_classes_is_that_of_the_options(classes):
    content = graphs.linear(("n", 1, 48, 48), graphs.weights(2304))
    as_they_come = read("net.onnx", content).classifier.predict_proba(FACES)
    reordered = read("net.onnx", content, classes=classes).classifier.predict_proba(FACES)
    assert np.array_equal(reordered, in_order_of_emotions(as_they_come, classes))


def test_classes_in_the_metadata_take_precedence_over_the_options():
    words = ["Surprised", "anger", "disgust", "fearful", "happiness", "neutral", "sadness"]
    content = graphs.linear(("n", 1, 48, 48), graphs.weights(2304), classes=json.dumps(words))
    assert read("net.onnx", content).recipe["classes"] == list(OTHER_ORDER)
    assert read("net.onnx", content, classes=EMOTIONS).recipe["classes"] == list(OTHER_ORDER)


def test_the_output_with_seven_values_is_used_if_there_are_several():
    matrix = graphs.weights(2304)
    nodes = [
        helper.make_node("Flatten", ["faces"], ["flat"], axis=1),
        helper.make_node("MatMul", ["flat", "matrix"], ["logits"]),
        helper.make_node("ArgMax", ["logits"], ["label"], axis=1, keepdims=0),
    ]
    outputs = [graphs.output("label", ("n",), TensorProto.INT64), graphs.output("flat", ("n", 2304)), graphs.output()]
    content = graphs.model_bytes(
        nodes, [graphs.faces_input(("n", 1, 48, 48))], outputs, [graphs.tensor("matrix", matrix)]
    )
    model = check("net.onnx", content)
    assert model.recipe["output"] == 2
    want = expected(("n", 1, 48, 48), FACES[..., None] / 255, matrix)
    assert np.allclose(model.classifier.predict_proba(FACES), want, atol=1e-4)


def test_a_linear_model_in_the_form_of_skl2onnx_is_read():
    """A row of pixels goes in; the label and the probabilities come out."""
    matrix = graphs.weights(2304)
    node = helper.make_node(
        "LinearClassifier",
        ["faces"],
        ["label", "probabilities"],
        domain="ai.onnx.ml",
        classlabels_ints=list(range(7)),
        coefficients=matrix.T.ravel().tolist(),
        intercepts=[0.0] * 7,
        post_transform="SOFTMAX",
    )
    outputs = [graphs.output("label", ("n",), TensorProto.INT64), graphs.output("probabilities")]
    content = graphs.model_bytes([node], [graphs.faces_input(("n", 2304))], outputs, domains=["ai.onnx.ml"])
    model = check("net.onnx", content)
    want = expected(("n", 2304), FACES / 255, matrix)
    assert np.allclose(model.classifier.predict_proba(FACES), want, atol=1e-4)
    assert (model.recipe["layout"], model.recipe["values"]) == ("flat", "probabilities")


def test_our_own_exported_network_is_read_and_predicts_as_before(tmp_path):
    from core.exchange.onnx_out import export_model

    export_model("cnn-seed", "onnx", tmp_path / "cnn-seed.onnx")
    model = check("cnn-seed.onnx", (tmp_path / "cnn-seed.onnx").read_bytes())
    ours = load_classifier("cnn-seed").predict_proba(FACES)
    assert np.allclose(model.classifier.predict_proba(FACES), ours, atol=1e-4)
    assert model.classifier.parameters().endswith(" weights")


def test_many_faces_are_predicted_in_batches_in_their_order_and_none_give_an_empty_table():
    model = read("net.onnx", graphs.linear(("n", 1, 48, 48), graphs.weights(2304)))
    many = np.concatenate([FACES] * 20)
    one_by_one = np.concatenate([model.classifier.predict_proba(face[None]) for face in FACES])
    assert np.allclose(model.classifier.predict_proba(many), np.concatenate([one_by_one] * 20), atol=1e-6)
    assert model.classifier.predict_proba(FACES[:0]).shape == (0, 7)


def test_a_network_of_pytorch_is_read_after_the_call_that_refusals_recommend(tmp_path, monkeypatch):
    """The call is in the message about state dicts of other networks."""
    import torch

    from core.exchange.guests.readers.onnx_file import EXPORT

    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(8464, 7)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of its own deprecated calls
        eval(EXPORT, {"torch": torch, "model": network})
    model = check("net.onnx", (tmp_path / "net.onnx").read_bytes())
    with torch.no_grad():
        want = network.eval()(torch.from_numpy(FACES)[:, None].float() / 255).softmax(1).numpy()
    assert np.allclose(model.classifier.predict_proba(FACES), want, atol=1e-4)


def test_a_guest_that_was_written_is_loaded_with_the_same_probabilities(shipped):
    from core.data.shipped import load_manifest
    from core.evaluation.predictions import predictions_table
    from core.exchange.guests.cards import model_card

    model = read("net.onnx", graphs.linear(("n", 3, 24, 24), graphs.weights(3 * 576)), classes=CSV_EMOTIONS)
    manifest = load_manifest()
    test = manifest[manifest["split"] == "test"]
    table = predictions_table(test["image_id"], np.full((len(test), 7), 1 / 7, np.float32))
    card = model_card("theirs", "onnx", model, table, manifest, "")
    store.write_guest(card, {model.classifier.weights_file: model.weights}, table)
    loaded = load_classifier("theirs")
    assert np.array_equal(loaded.predict_proba(FACES), model.classifier.predict_proba(FACES))
    assert (guests_folder() / "theirs" / "weights.onnx").read_bytes() == model.weights
