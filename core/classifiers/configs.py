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

    Cards store them. Checkpoints compare them, so that a fit resumes only its own recipe.
    """
    values: dict[str, Any] = json.loads(json.dumps(asdict(config)))
    return values


@lru_cache  # pages call it at each rerun, and it parses source code
def meanings(config_type: type) -> dict[str, str]:
    """Return field name -> description. Nested fields are named like `augmentation.flip`.

    Python keeps no docstrings of fields, so they are parsed from the source. Fields without one are left out.
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
