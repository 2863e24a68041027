"""Find the tensors in an ONNX file, without the package onnx.

The file is one protobuf message. Its format is described in onnx.proto3 and on protobuf.dev ("Encoding").
"""

from collections.abc import Iterator
from math import prod
from typing import NamedTuple

from core.files import ContentError

VARINT, EIGHT_BYTES, LENGTH, FOUR_BYTES = 0, 1, 2, 5
"""Protobuf's wire types."""

INNER_MESSAGES: dict[str, dict[int, str]] = {
    "model": {7: "graph", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse tensor"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse tensor", 23: "sparse tensor"},
    "sparse tensor": {1: "tensor", 2: "tensor"},
}
"""Message -> number of a field -> the message that the field contains. Other fields contain no tensors."""

DIMS, EXTERNAL_DATA, DATA_LOCATION = 1, 13, 14
"""Fields of a tensor: its shape, the place of its values in another file, and whether they are there."""


class Tensor(NamedTuple):
    """A constant tensor of a graph."""

    size: int
    """Number of its values."""
    is_external: bool
    """Whether its values are in another file."""


def tensors(content: bytes) -> Iterator[Tensor]:
    """Yield the tensors in an ONNX file, those of inner graphs and functions included.

    Raises ContentError if the bytes are not a protobuf message.
    """
    waiting = [("model", memoryview(content))]
    while waiting:
        kind, message = waiting.pop()
        if kind == "tensor":
            yield _tensor(message)
            continue
        for field, value in _fields(message):
            if isinstance(value, memoryview) and (inner := INNER_MESSAGES[kind].get(field)):
                waiting.append((inner, value))


def _tensor(message: memoryview) -> Tensor:
    dims: list[int] = []
    is_external = False
    for field, value in _fields(message):
        if field == DIMS:
            dims += [value] if isinstance(value, int) else _varints(value)
        is_external |= field == EXTERNAL_DATA or (field == DATA_LOCATION and value != 0)
    return Tensor(prod(dims), is_external)


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield number and value of each field: an int for a varint, otherwise the bytes."""
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        wire_type = key & 7
        if wire_type == VARINT:
            value, position = _varint(message, position)
            yield key >> 3, value
            continue
        if wire_type == LENGTH:
            length, position = _varint(message, position)
        elif wire_type in (EIGHT_BYTES, FOUR_BYTES):
            length = 8 if wire_type == EIGHT_BYTES else 4
        else:
            raise ContentError("it is not an ONNX file")
        if position + length > len(message):
            raise ContentError("it is not a whole ONNX file")
        yield key >> 3, message[position : position + length]
        position += length


def _varints(message: memoryview) -> Iterator[int]:
    position = 0
    while position < len(message):
        value, position = _varint(message, position)
        yield value


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    """Return the number that begins at a position, 7 bits per byte, and the position after it."""
    value = shift = 0
    while True:
        if position >= len(message) or shift > 63:
            raise ContentError("it is not a whole ONNX file")
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, position
