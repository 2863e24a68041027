"""Configs of the families: their values as JSON, and what each field means."""

import ast
import inspect
import json
import textwrap
from dataclasses import asdict, is_dataclass
from functools import lru_cache
from typing import Any, get_type_hints


def as_json(config: Any) -> dict[str, Any]:
    """The fields of a config as JSON has them, tuples as lists: what cards store, and what tells one recipe from
    another in checkpoints."""
    values: dict[str, Any] = json.loads(json.dumps(asdict(config)))
    return values


@lru_cache  # pages ask for it at each rerun, and it parses source
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
