"""Broken and hostile models, and files of other formats: one sentence for each."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from core.exchange.guests.guest import GuestFile, GuestOptions
from core.exchange.guests.readers import CONVERTERS, READERS, checking, onnx_file, reader_for
from core.runtime.limited import Limits
from core.runtime.memory import resident_mb
from tests.core.exchange.guests.readers.cases import OTHER_ORDER, check
from tests.fixtures import graphs
from tests.fixtures.damage import refusal

IMAGES = ("n", 1, 48, 48)
MATRIX = graphs.weights(2304)
GOOD = graphs.linear(IMAGES, MATRIX)

needs_limits = pytest.mark.skipif(sys.platform != "linux", reason="the limits of memory and processor time need Linux")


def graph(nodes, tensors=(), dims=IMAGES, outputs=None, domains=()) -> bytes:
    """Return a graph that may use `logits_of_faces`, the product of the faces and `MATRIX`."""
    start = [
        helper.make_node("Flatten", ["faces"], ["flat"], axis=1),
        helper.make_node("MatMul", ["flat", "matrix"], ["logits_of_faces"]),
    ]
    constants = [graphs.tensor("matrix", MATRIX), *tensors]
    return graphs.model_bytes(
        [*start, *nodes], [graphs.faces_input(dims)], outputs or [graphs.output()], constants, domains=domains
    )


def subtracted_mean() -> bytes:
    """Return a graph whose result depends on the other faces, as batch normalisation in training mode does."""
    return graph(
        [
            helper.make_node("ReduceMean", ["logits_of_faces"], ["mean"], axes=[0]),
            helper.make_node("Sub", ["logits_of_faces", "mean"], ["logits"]),
        ]
    )


def one_face_inside() -> bytes:
    """Return a graph that claims to take any batch, but reshapes it to one row."""
    shape = graphs.tensor("shape", np.array([1, 7], np.int64))
    return graph([helper.make_node("Reshape", ["logits_of_faces", "shape"], ["logits"])], [shape])


def two_inputs() -> bytes:
    inputs = [graphs.faces_input(IMAGES), helper.make_tensor_value_info("other", TensorProto.FLOAT, IMAGES)]
    return graphs.model_bytes([helper.make_node("Add", ["faces", "other"], ["logits"])], inputs, [graphs.output()])


def two_outputs() -> bytes:
    nodes = [helper.make_node("Identity", ["logits_of_faces"], [name]) for name in ("first", "second")]
    return graph(nodes, outputs=[graphs.output("first"), graphs.output("second")])


def custom_operation() -> bytes:
    return graph([helper.make_node("Strange", ["logits_of_faces"], ["logits"], domain="my.ops")], domains=["my.ops"])


def external(location: str) -> bytes:
    """Return a graph whose weights are in another file."""
    model = onnx.load_from_string(GOOD)
    [matrix] = model.graph.initializer
    matrix.ClearField("raw_data")
    matrix.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, "offset": "0"}.items():
        entry = matrix.external_data.add()
        entry.key, entry.value = key, value
    content: bytes = model.SerializeToString()
    return content


def external_in_a_branch() -> bytes:
    """Return a graph with external weights deep inside: in the attribute of a node of an inner graph."""
    inner_tensor = graphs.tensor("inner", np.zeros(7, np.float32))
    inner_tensor.data_location = TensorProto.EXTERNAL
    constant = helper.make_node("Constant", [], ["zeros"], value=inner_tensor)
    result = helper.make_tensor_value_info("zeros", TensorProto.FLOAT, [7])
    branch = helper.make_graph([constant], "branch", [], [result])
    condition = graphs.tensor("condition", np.array(True))
    choice = helper.make_node("If", ["condition"], ["chosen"], then_branch=branch, else_branch=branch)
    return graph([choice, helper.make_node("Add", ["logits_of_faces", "chosen"], ["logits"])], [condition])


def huge(bytes_wanted: int) -> bytes:
    """Return a small graph that reserves memory."""
    shape = graphs.tensor("shape", np.array([bytes_wanted // 4], np.int64))
    nodes = [
        helper.make_node("ConstantOfShape", ["shape"], ["zeros"]),
        helper.make_node("ReduceSum", ["zeros"], ["sum"], keepdims=0),
        helper.make_node("Add", ["logits_of_faces", "sum"], ["logits"]),
    ]
    return graph(nodes, [shape])


def endless() -> bytes:
    """Return a graph with a loop of 2^62 rounds."""
    value = ("counter", TensorProto.INT64, []), ("go", TensorProto.BOOL, []), ("value", TensorProto.FLOAT, None)
    results = ("go_on", TensorProto.BOOL, []), ("next", TensorProto.FLOAT, None)
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"]), helper.make_node("Identity", ["value"], ["next"])],
        "body",
        [helper.make_tensor_value_info(*info) for info in value],
        [helper.make_tensor_value_info(*info) for info in results],
    )
    constants = [graphs.tensor("rounds", np.array(2**62)), graphs.tensor("start", np.array(True))]
    loop = helper.make_node("Loop", ["rounds", "start", "logits_of_faces"], ["logits"], body=body)
    return graph([loop], constants)


BROKEN = {
    "another rank": (graphs.linear(("n", 1, 1, 48, 48), MATRIX), "shape (any, 1, 1, 48, 48)"),
    "a table of features": (graphs.linear(("n", 100), graphs.weights(100)), "shape (any, 100)"),
    "a batch of one": (graphs.linear((1, 1, 48, 48), MATRIX), "only batches of 1"),
    "a batch of one inside": (one_face_inside(), "fails on 2"),
    "other values in a batch": (subtracted_mean(), "evaluation mode"),
    "six classes": (graphs.linear(IMAGES, graphs.weights(2304, 6)), "6 values per face"),
    "two inputs": (two_inputs(), "2 inputs"),
    "two outputs": (two_outputs(), "2 outputs with seven values"),
    "whole numbers": (graphs.linear(IMAGES, MATRIX, dtype=TensorProto.INT64), "input of type float32"),
    "four channels": (graphs.linear(("n", 4, 24, 24), MATRIX), "neither 1 nor 3 channels"),
    "a huge side": (graphs.linear(("n", 1, 513, 513), graphs.weights(513 * 513)), "8 to 512 pixels"),
    "NaN": (graphs.linear(IMAGES, MATRIX * np.nan), "not numbers"),
    "infinite": (graphs.linear(IMAGES, MATRIX * np.inf), "not numbers"),
    "axes left open": (graphs.linear(("n", None, None, None), MATRIX), "give the layout"),
    "channels left open": (graphs.linear(("n", None, 48, 48), MATRIX), "give the channels"),
    "a custom operation": (custom_operation(), "operation that onnxruntime does not have"),
    "external weights": (external("weights.bin"), "second file"),
    "external weights elsewhere": (external("/etc/passwd"), "second file"),
    "external weights in memory": (external("*/_ORT_MEM_ADDR_/*"), "second file"),
    "external weights inside": (external_in_a_branch(), "second file"),
    "cut in half": (GOOD[: len(GOOD) // 2], "cannot be used as an ONNX file"),
    "text": (b"hello, this is text\n" * 50, "cannot be used as an ONNX file"),
    "zero bytes": (bytes(1000), "cannot be used as an ONNX file"),
    "0xFF bytes": (b"\xff" * 1000, "cannot be used as an ONNX file"),
    "a graph of nothing": (b"\x08\x08", "cannot be used as an ONNX file"),
}


@pytest.mark.parametrize(("content", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_broken_graph_is_refused_with_a_sentence(content, reason):
    request = {"name": "net.onnx", "options": {}}
    message = refusal(lambda: onnx_file.check_here(content, request))
    assert reason in message
    assert message.startswith(("net.onnx", "the sides"))


def test_the_process_that_checks_a_graph_hands_its_sentence_over():
    content, reason = BROKEN["external weights"]
    assert reason in refusal(lambda: check("net.onnx", content))


@needs_limits
@pytest.mark.parametrize("size", [4_000_000_000, 2**50])
def test_a_small_graph_that_asks_for_gigabytes_is_refused_and_this_process_stays_small(size):
    content = huge(size)
    before = resident_mb()
    assert "more than 2 GB of memory" in refusal(lambda: check("net.onnx", content))
    assert before is not None and (resident_mb() or 0) < before + 200


@needs_limits
def test_an_endless_graph_is_refused(monkeypatch):
    monkeypatch.setattr(checking, "LIMITS", Limits(cpu_s=5))
    assert "takes more than a minute" in refusal(lambda: check("net.onnx", endless()))


def test_files_are_checked_one_after_the_other(monkeypatch):
    running, most = [], []

    def run(*_args) -> None:
        running.append(1)
        most.append(len(running))
        time.sleep(0.05)
        running.pop()

    monkeypatch.setattr(checking, "run_limited", run)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: check("net.onnx", GOOD), range(4)))
    assert most == [1, 1, 1, 1]


def test_a_full_disk_is_a_sentence(monkeypatch):
    def run(*_args) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checking, "run_limited", run)
    assert "No space left on device" in refusal(lambda: check("net.onnx", GOOD))


CONTRADICTIONS = {
    "layout": (GOOD, {"layout": "nhwc"}, "has the layout nchw"),
    "channels": (GOOD, {"channels": 3}, "1 channel"),
    "mean per channel": (GOOD, {"mean": (0.1, 0.2, 0.3)}, "mean must be one number"),
    "std of zero": (GOOD, {"std": (0.0,)}, "must not be 0"),
    "layout without channels": (graphs.linear(("n", 48, 48), MATRIX), {"layout": "nchw"}, "without an axis"),
    "scale of whole levels": (graphs.linear(IMAGES, MATRIX, dtype=TensorProto.UINT8), {"scale": 255}, "whole gray"),
    "mean of whole levels": (graphs.linear(IMAGES, MATRIX, dtype=TensorProto.UINT8), {"mean": (1.0,)}, "whole gray"),
    "classes": (
        graphs.linear(IMAGES, MATRIX, classes=json.dumps(OTHER_ORDER)),
        {"classes": OTHER_ORDER[::-1]},
        "itself",
    ),
}


@pytest.mark.parametrize(("content", "options", "reason"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_options_that_contradict_a_graph_are_refused(content, options, reason):
    request = {"name": "net.onnx", "options": options}
    assert reason in refusal(lambda: onnx_file.check_here(content, request))


@pytest.mark.parametrize("ending", READERS)
def test_an_empty_and_a_much_too_large_file_are_refused_without_reading_them(ending, monkeypatch):
    assert "is empty" in refusal(lambda: check(f"net{ending}", b""))
    monkeypatch.setattr(checking, "LARGEST_MODEL", 100)
    assert "MB" in refusal(lambda: check(f"net{ending}", bytes(101)))


@pytest.mark.parametrize("ending", CONVERTERS)
def test_files_of_other_programs_are_refused_with_the_way_to_onnx(ending):
    message = refusal(lambda: reader_for(GuestFile(f"net{ending}", b"x")))
    assert "ONNX" in message and ("tf2onnx" in message or "skl2onnx" in message)


@pytest.mark.parametrize("name", ["net", "net.zip", "net.", "x" * 500 + ".exe", "ä\n.doc"])
def test_other_endings_are_refused_with_what_can_be_used(name):
    message = refusal(lambda: reader_for(GuestFile(name, b"x")))
    assert ".csv" in message and ".onnx" in message


def test_messages_stay_short_for_long_names():
    file = GuestFile("x" * 1000 + ".onnx", b"text")
    refusal(lambda: reader_for(file).read(file, GuestOptions()))
