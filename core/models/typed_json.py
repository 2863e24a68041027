"""Create dataclasses from JSON, and check every value against the type of its field."""

from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def from_json(kind: type[T], values: dict[str, Any]) -> T:
    """Create a dataclass from its fields as JSON values.

    Lists become tuples, and objects become dataclasses, where the field types require it. Missing fields keep their
    defaults. Raises ValueError for an unknown field or a value of the wrong type, and TypeError if a field without a
    default is missing.
    """
    types = get_type_hints(kind)
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := set(values) - names:
        raise ValueError(f"unknown fields {', '.join(sorted(unknown))}")
    return kind(**{name: _convert(name, types[name], value) for name, value in values.items()})


def _convert(name: str, kind: Any, value: Any) -> Any:
    """Convert a value to the type of its field. Numbers are only converted from int to float."""
    origin = get_origin(kind)
    if kind is Any:
        return value
    if origin is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{name} must be one of {', '.join(map(str, get_args(kind)))}, not {value!r}")
        return value
    if origin in (Union, UnionType):  # our dataclasses use only unions of one type and None
        [inner_type] = [part for part in get_args(kind) if part is not NoneType]
        return None if value is None else _convert(name, inner_type, value)
    if origin in (tuple, list):
        if not isinstance(value, list | tuple):
            raise ValueError(f"{name} must be a list, such as [1], not {value!r}")
        item_types = get_args(kind)
        if origin is tuple and ... not in item_types and len(value) != len(item_types):
            raise ValueError(f"{name} must have {len(item_types)} items, not {value!r}")
        return origin(_convert(name, item_types[0], item) for item in value)  # our items all have the same type
    if origin is dict:
        if not isinstance(value, dict):
            raise ValueError(f"{name} must be an object, not {value!r}")
        return {key: _convert(f"{name}.{key}", get_args(kind)[1], item) for key, item in value.items()}
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, dict):
            raise ValueError(f"{name} must be an object, not {value!r}")
        return from_json(kind, value)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:  # not isinstance, which accepts True as an int
        raise ValueError(f"{name} must be of type {kind.__name__}, not {value!r}")
    return value
