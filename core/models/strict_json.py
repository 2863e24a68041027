"""Read JSON files that others may have written."""

import json
import math
from typing import Any

from core.files import ContentError

DEEPEST = 20
"""Largest number of lists and objects in each other. Files of models have at most 5."""

MOST_DIGITS = 18
"""Largest number of digits of an integer, so that it fits into 64 bits."""


def parse_json(content: bytes) -> Any:
    """Return the value in the UTF-8 text of a JSON file.

    Raises ContentError if it is not JSON. Also refused is what Python's parser reads, but later code could not use: NaN
    and infinity, very large numbers, repeated keys, deep nesting, and characters that cannot be shown.
    """
    try:
        value = json.loads(
            content.decode("utf-8"),
            parse_constant=_finite,
            parse_float=_finite,
            parse_int=_short_integer,
            object_pairs_hook=_object_of_unique_keys,
        )
    except UnicodeDecodeError as error:
        raise ContentError("it is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise ContentError(f"it is not JSON: line {error.lineno} cannot be read") from error
    except RecursionError as error:
        raise ContentError("it is nested too deeply") from error
    _check_depth_and_texts(value)
    return value


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ContentError("a number in it is not finite")
    return number


def _short_integer(text: str) -> int:
    if len(text.lstrip("-")) > MOST_DIGITS:
        raise ContentError(f"a number in it has more than {MOST_DIGITS} digits")
    return int(text)


def _object_of_unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ContentError("a key in it occurs twice")
    return values


def _check_depth_and_texts(value: Any) -> None:
    """Raise ContentError for deep nesting and unprintable texts. A loop, because recursion would fail first."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise ContentError("it is nested too deeply")
        texts = [item for item in level if isinstance(item, str)]
        objects = [item for item in level if isinstance(item, dict)]
        texts += [key for item in objects for key in item]
        if not all("".join(text.split()).isprintable() for text in texts):  # white space is allowed
            raise ContentError("a text in it has characters that cannot be shown")
        lists = [item for item in level if isinstance(item, list)] + [list(item.values()) for item in objects]
        level = [inner for items in lists for inner in items]
