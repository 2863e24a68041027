"""Creating dataclasses from JSON: conversion of values, defaults and errors."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import pytest

from core.models.typed_json import from_json


@dataclass(frozen=True)
class Part:
    share: float
    note: str | None = None


@dataclass(frozen=True)
class Whole:
    name: str
    kind: Literal["large", "small"] = "large"
    ready: bool = False
    part: Part | None = None
    """An optional, nested dataclass."""
    parts: dict[str, Part] = field(default_factory=dict)
    shape: tuple[tuple[int, ...], ...] = ()
    tags: list[str] = field(default_factory=list)
    extras: dict[str, Any] = field(default_factory=dict)


WHOLE = Whole("a", "small", True, Part(0.5, "half"), {"b": Part(1.0)}, ((1, 2), (3,)), ["x"], {"y": [None, 1, "z"]})


def test_a_dataclass_round_trips_through_json():
    assert from_json(Whole, json.loads(json.dumps(asdict(WHOLE)))) == WHOLE


def test_a_missing_field_gets_its_default():
    assert from_json(Whole, {"name": "a"}) == Whole("a")


def test_null_is_accepted_only_for_optional_fields():
    assert from_json(Whole, {"name": "a", "part": None}).part is None
    with pytest.raises(ValueError, match="name must be of type str, not None"):
        from_json(Whole, {"name": None})


def test_integers_become_floats_and_lists_become_tuples_if_the_field_has_that_type():
    whole = from_json(Whole, {"name": "a", "part": {"share": 1}, "shape": [[1, 2], [3]], "tags": ["x"]})
    assert type(whole.part.share) is float
    assert (whole.shape, whole.tags) == (((1, 2), (3,)), ["x"])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"size": 1, "age": 2}, "unknown fields age, size"),
        ({"part": {"share": 0.5, "size": 1}}, "unknown fields size"),
        ({"parts": {"b": {"size": 1}}}, "unknown fields size"),
        ({"kind": "huge"}, "kind must be one of large, small, not 'huge'"),
        ({"ready": 1}, "ready must be of type bool, not 1"),
        ({"part": 0.5}, "part must be an object, not 0.5"),
        ({"part": {"share": "half"}}, "share must be of type float, not 'half'"),
        ({"part": {"share": True}}, "share must be of type float, not True"),
        ({"parts": [1]}, r"parts must be an object, not \[1\]"),
        ({"parts": {"b": 1}}, r"parts\.b must be an object, not 1"),
        ({"shape": 3}, r"shape must be a list, such as \[1\], not 3"),
        ({"shape": [[1.5]]}, "shape must be of type int, not 1.5"),
        ({"tags": "x"}, r"tags must be a list, such as \[1\], not 'x'"),
        ({"tags": [None]}, "tags must be of type str, not None"),
    ],
)
def test_an_unknown_field_or_an_invalid_value_raises_value_error(values, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        from_json(Whole, {"name": "a", **values})


def test_a_missing_field_without_a_default_raises_value_error():
    with pytest.raises(ValueError, match="the field name is missing"):
        from_json(Whole, {})
    with pytest.raises(ValueError, match="the field share is missing"):
        from_json(Whole, {"name": "a", "part": {}})
