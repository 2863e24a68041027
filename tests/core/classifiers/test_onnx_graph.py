"""The tensors of an ONNX file are found without the package onnx, as the package finds them."""

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from core.classifiers.onnx_graph import Tensor, tensors
from core.files import ContentError
from tests.fixtures import graphs

GOOD = graphs.linear(("n", 1, 48, 48), graphs.weights(2304))


def test_the_weights_of_a_graph_are_counted():
    assert list(tensors(GOOD)) == [Tensor(2304 * 7, is_external=False)]


def test_tensors_in_attributes_branches_functions_and_sparse_tensors_are_found():
    def constant(name: str, size: int) -> onnx.NodeProto:
        return helper.make_node("Constant", [], [name], value=graphs.tensor(name, np.zeros(size, np.float32)))

    branch = helper.make_graph([constant("inner", 3)], "branch", [], [])
    sparse = helper.make_sparse_tensor(
        graphs.tensor("values", np.zeros(5, np.float32)), graphs.tensor("indices", np.arange(11)), [100]
    )
    graph = helper.make_graph(
        [constant("outer", 2), helper.make_node("If", ["c"], ["d"], then_branch=branch, else_branch=branch)],
        "faces",
        [],
        [],
        [graphs.tensor("weights", np.zeros((17, 19), np.float32))],
        sparse_initializer=[sparse],
    )
    function = helper.make_function(
        "mine", "f", [], ["e"], [constant("e", 7)], [helper.make_opsetid("", graphs.OPSET)], []
    )
    model = helper.make_model(graph, functions=[function])
    sizes = sorted(tensor.size for tensor in tensors(model.SerializeToString()))
    assert sizes == sorted([2, 3, 3, 5, 11, 7, 17 * 19])


@pytest.mark.parametrize("field", ["data_location", "external_data"])
def test_a_tensor_is_external_if_either_field_says_so(field):
    model = onnx.load_from_string(GOOD)
    [matrix] = model.graph.initializer
    if field == "data_location":
        matrix.data_location = TensorProto.EXTERNAL
    else:
        matrix.external_data.add().key = "location"
    assert [tensor.is_external for tensor in tensors(model.SerializeToString())] == [True]


@pytest.mark.parametrize("content", [GOOD[:-1], GOOD[: len(GOOD) // 2], b"\x3a\xff", b"\xff" * 20, b"\x0b", b"text"])
def test_other_bytes_are_refused(content):
    with pytest.raises(ContentError):
        list(tensors(content))


@pytest.mark.property
@given(start=st.integers(0, 400), length=st.integers(0, 30), inserted=st.binary(max_size=30))
def test_any_other_bytes_are_read_or_refused(start, length, inserted):
    small = graphs.linear(("n", 4), graphs.weights(4))
    try:
        found = list(tensors(small[:start] + inserted + small[start + length :]))
    except ContentError:
        return
    assert all(tensor.size >= 0 for tensor in found)
