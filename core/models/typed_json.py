"""Frozen dataclasses from the JSON of their fields, each value checked against its field's type."""

from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def from_json(kind: type[T], values: dict[str, Any]) -> T:
    """A frozen dataclass from the JSON of its fields: lists become tuples, objects nested dataclasses.

    A field that is not given keeps its default. Raises ValueError for a field that the dataclass does not have, and for
    a value that its field cannot take; TypeError if a field without a default is missing.
    """
    types = get_type_hints(kind)
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := set(values) - names:
        raise ValueError(f"unknown fields {', '.join(sorted(unknown))}")
    return kind(**{name: _value(name, types[name], value) for name, value in values.items()})


def _value(name: str, kind: Any, value: Any) -> Any:
    """The value as its field's type has it: a whole number is a float too, nothing else is taken for another."""
    origin = get_origin(kind)
    if kind is Any:
        return value
    if origin is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{name} must be one of {', '.join(map(str, get_args(kind)))}, not {value!r}")
        return value
    if origin in (Union, UnionType):  # of a type and None, in every dataclass here
        [other] = [part for part in get_args(kind) if part is not NoneType]
        return None if value is None else _value(name, other, value)
    if origin in (tuple, list):
        if not isinstance(value, list | tuple):
            raise ValueError(f"{name} must be a list, such as [1], not {value!r}")
        inner = get_args(kind)
        if origin is tuple and ... not in inner and len(value) != len(inner):
            raise ValueError(f"{name} must have {len(inner)} items, not {value!r}")
        return origin(_value(name, inner[0], item) for item in value)  # all of one type, in every dataclass here
    if origin is dict:
        if not isinstance(value, dict):
            raise ValueError(f"{name} must be an object, not {value!r}")
        return {key: _value(f"{name}.{key}", get_args(kind)[1], item) for key, item in value.items()}
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, dict):
            raise ValueError(f"{name} must be an object of its fields, not {value!r}")
        return from_json(kind, value)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:  # not isinstance: True is no number of epochs
        raise ValueError(f"{name} must be of type {kind.__name__}, not {value!r}")
    return value
