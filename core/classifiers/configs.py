"""Configs of the families: conversion to JSON, and a description of each field."""

import ast
import inspect
import json
import textwrap
from dataclasses import asdict, is_dataclass
from functools import lru_cache
from typing import Any, get_type_hints


def as_json(config: Any) -> dict[str, Any]:
    """Return the fields of a config as JSON values, with tuples as lists.

    Cards and checkpoints store these values. A fit resumes only from a checkpoint with the values of its own config.
    """
    values: dict[str, Any] = json.loads(json.dumps(asdict(config)))
    return values


@lru_cache  # parsing source code is slow, and pages call this function at each rerun
def field_descriptions(config_type: type) -> dict[str, str]:
    """Return the description of each field, by field name. Nested fields are named like `augmentation.flip`.

    The description is the string below the field. Python discards these strings, so they are parsed from the source.
    Fields without a description are left out.
    """
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(config_type))).body
    assert isinstance(definition, ast.ClassDef)
    descriptions = {}
    for field, following in zip(definition.body, definition.body[1:], strict=False):
        is_text = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and is_text:
            descriptions[field.target.id] = " ".join(str(following.value.value).split())  # type: ignore[attr-defined]
    for name, kind in get_type_hints(config_type).items():
        if is_dataclass(kind) and isinstance(kind, type):
            descriptions |= {f"{name}.{inner}": text for inner, text in field_descriptions(kind).items()}
    return descriptions
