"""The configs of models, which are frozen dataclasses, from the JSON of cards and of the command line."""

from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints


def config_from_json(config_type: type, values: dict[str, Any]) -> Any:
    """A frozen dataclass from the JSON of its fields: lists become tuples, objects nested dataclasses.

    Raises ValueError for a field that the config does not have.
    """
    types = get_type_hints(config_type)
    names = {field.name for field in fields(config_type)}
    if unknown := set(values) - names:
        raise ValueError(f"unknown fields {', '.join(sorted(unknown))}")
    return config_type(**{name: _value(types[name], value) for name, value in values.items()})


def _value(kind: Any, value: Any) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        return config_from_json(kind, value)
    return tuple(_value(None, item) for item in value) if isinstance(value, list) else value
