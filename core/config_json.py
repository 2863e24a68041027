"""The configs of models, which are frozen dataclasses: from the JSON of cards and of the command line, and in words."""

import ast
import inspect
import textwrap
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints


def config_from_json(config_type: type, values: dict[str, Any]) -> Any:
    """A frozen dataclass from the JSON of its fields: lists become tuples, objects nested dataclasses.

    Raises ValueError for a field that the config does not have, and for a value that its field cannot take.
    """
    types = get_type_hints(config_type)
    names = {field.name for field in fields(config_type)}
    if unknown := set(values) - names:
        raise ValueError(f"unknown fields {', '.join(sorted(unknown))}")
    return config_type(**{name: _value(name, types[name], value) for name, value in values.items()})


@cache  # pages ask for it at each rerun, and it parses source
def meanings(config_type: type) -> dict[str, str]:
    """Field -> the sentence that stands below it in its class, nested ones as `augmentation.flip`.

    Python keeps no docstrings of fields, so they are read from the source; a field without a sentence is left out.
    """
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(config_type))).body
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for field, below in zip(definition.body, definition.body[1:], strict=False):
        is_text = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and is_text:
            found[field.target.id] = " ".join(str(below.value.value).split())  # type: ignore[attr-defined]
    for name, kind in get_type_hints(config_type).items():
        if is_dataclass(kind) and isinstance(kind, type):
            found |= {f"{name}.{inner}": text for inner, text in meanings(kind).items()}
    return found


def _value(name: str, kind: Any, value: Any) -> Any:
    """The value as its field's type has it: a whole number is a float too, nothing else is taken for another."""
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{name} must be one of {', '.join(map(str, get_args(kind)))}, not {value!r}")
        return value
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple):
            raise ValueError(f"{name} must be a list, such as [1], not {value!r}")
        return tuple(_value(name, _kind_of_items(kind), item) for item in value)
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, dict):
            raise ValueError(f"{name} must be an object of its fields, not {value!r}")
        return config_from_json(kind, value)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:  # not isinstance: True is no number of epochs
        raise ValueError(f"{name} must be of type {kind.__name__}, not {value!r}")
    return value


def _kind_of_items(kind: Any) -> Any:
    """Of `tuple[X, ...]`, and of `tuple[X, X]`, whose items are of one type in every config."""
    return get_args(kind)[0]
