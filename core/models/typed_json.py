"""Create dataclasses from JSON, and check every value against the type of its field."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from core.exceptions import shortened
from core.files import ContentError

T = TypeVar("T")


def from_json(kind: type[T], values: Any) -> T:
    """Create a dataclass from its fields as JSON values.

    Lists become tuples, and objects become dataclasses, where the field types require it. Missing fields keep their
    defaults. Raises ContentError if `values` is not an object, for an unknown field, for a value of the wrong type, and
    if a field without a default is missing.
    """
    if not isinstance(values, dict):
        raise ContentError(f"it must be an object, not {shortened(repr(values))}")
    types = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(values) - set(known)):
        raise ContentError(f"unknown fields {shortened(', '.join(unknown))}")
    for name, field in known.items():
        if name not in values and field.default is MISSING and field.default_factory is MISSING:
            raise ContentError(f"the field {name} is missing")
    return kind(**{name: _convert(name, types[name], value) for name, value in values.items()})


def _convert(name: str, kind: Any, value: Any) -> Any:
    """Convert a value to the type of its field. Numbers are only converted from int to float."""
    origin = get_origin(kind)
    if kind is Any:
        return value
    if origin is Literal:
        if value not in get_args(kind):
            raise _wrong(name, f"one of {', '.join(map(str, get_args(kind)))}", value)
        return value
    if origin in (Union, UnionType):  # our dataclasses use only unions of one type and None
        [inner_type] = [part for part in get_args(kind) if part is not NoneType]
        return None if value is None else _convert(name, inner_type, value)
    if origin in (tuple, list):
        return _convert_items(name, kind, value)
    if origin in (dict, Mapping):
        if not isinstance(value, dict):
            raise _wrong(name, "an object", value)
        return {key: _convert(f"{name}.{key}", get_args(kind)[1], item) for key, item in value.items()}
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, dict):
            raise _wrong(name, "an object", value)
        return from_json(kind, value)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:  # not isinstance, which accepts True as an int
        raise _wrong(name, f"of type {kind.__name__}", value)
    return value


def _convert_items(name: str, kind: Any, value: Any) -> Any:
    """Convert a list to a list or tuple type whose items all have the same type."""
    if not isinstance(value, list | tuple):
        raise _wrong(name, "a list, such as [1]", value)
    origin, item_types = get_origin(kind), get_args(kind)
    if origin is tuple and ... not in item_types and len(value) != len(item_types):
        raise ContentError(f"{shortened(name)} must have {len(item_types)} items, not {shortened(repr(value))}")
    return origin(_convert(name, item_types[0], item) for item in value)


def _wrong(name: str, what: str, value: Any) -> ContentError:
    return ContentError(f"{shortened(name, 40)} must be {what}, not {shortened(repr(value))}")
