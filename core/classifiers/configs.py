"""Configs of the families: conversion to JSON, the limits of their numbers, and a description of each field."""

import ast
import inspect
import json
import math
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import asdict, is_dataclass
from functools import lru_cache
from typing import Any, get_type_hints

from core.exceptions import InputError, shortened

Limits = Mapping[str, tuple[float, float]]
"""Name of a field -> its smallest and largest value. Nested fields are named like `augmentation.flip`."""

SEEDS = 0, 2**32 - 1
"""Random seeds that all libraries accept."""


def as_json(config: Any) -> dict[str, Any]:
    """Return the fields of a config as JSON values, with tuples as lists.

    Cards and checkpoints store these values. A fit resumes only from a checkpoint with the values of its own config.
    """
    values: dict[str, Any] = json.loads(json.dumps(asdict(config)))
    return values


def check_limits(config: Any) -> None:
    """Raise InputError for a number in a config that a fit could not use: infinite, NaN, or outside of its limits.

    The limits are those in the config type's `LIMITS`. They apply to each number of a field that is a list.
    """
    limits: Limits = getattr(config, "LIMITS", {})
    for name, number in _numbers(asdict(config)):
        low, high = limits.get(name, (-math.inf, math.inf))
        if not (math.isfinite(number) and low <= number <= high):
            allowed = f"from {_as_text(low)} to {_as_text(high)}" if name in limits else "a finite number"
            raise InputError(f"{name} must be {allowed}, not {shortened(number, 30)}.")


def _as_text(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


def _numbers(values: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield the numbers of a config with the names of their fields."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", number) for inner, number in _numbers(value))
        for item in value if isinstance(value, tuple) else [value]:
            if isinstance(item, int | float) and not isinstance(item, bool):
                yield name, item


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
