"""Checks that the values of a card or a measurement are possible. All raise ContentError with the name of the value."""

from collections.abc import Iterable
from typing import Any

from core.exceptions import shortened
from core.files import ContentError

ROUNDING = 1e-6
"""Probabilities and the ends of intervals may exceed 0..1 by this amount, because they are rounded."""

MOST_IMAGES = 10**9

LONGEST_NAME, LONGEST_TEXT = 100, 1_000
"""Largest numbers of characters of a name, such as a family's, and of any other text of a card."""

LONGEST_RECIPE_TEXT, MOST_RECIPE_VALUES = 200, 1_000
"""Largest length of a text in a recipe, and largest number of values in all of its lists and objects."""


def check_number(name: str, value: float | None, low: float, high: float) -> None:
    """Check that a number is from `low` to `high`; None is allowed, NaN is not."""
    if value is not None and not low <= value <= high:
        raise ContentError(f"{name} must be from {low:g} to {high:g}, not {shortened(value)}")


def check_share(name: str, value: float | None) -> None:
    """Check that a share is from 0 to 1; None is allowed, NaN is not."""
    check_number(name, value, 0, 1)


def check_count(name: str, value: int) -> None:
    """Check that a number of images is possible."""
    check_number(name, value, 0, MOST_IMAGES)


def check_interval(name: str, interval: tuple[float, float] | None) -> None:
    """Check that the ends of an interval of a share are from 0 to 1, the lower one first; None is allowed."""
    if interval is not None:
        low, high = interval
        if not -ROUNDING <= low <= high <= 1 + ROUNDING:
            raise ContentError(f"{name} must have two ends from 0 to 1, the lower one first")


def check_text(name: str, text: str | None, longest: int = LONGEST_TEXT) -> None:
    """Check that a text is not too long; None is allowed."""
    if text is not None and len(text) > longest:
        raise ContentError(f"{name} has {len(text):,} characters, but at most {longest:,} are allowed")


def check_texts(name: str, texts: Iterable[str], most: int, longest: int = LONGEST_NAME) -> None:
    """Check that there are at most `most` texts, none of them too long."""
    listed = list(texts)
    if len(listed) > most:
        raise ContentError(f"{name} has {len(listed):,} entries, but at most {most:,} are allowed")
    for text in listed:
        check_text(name, text, longest)


def check_recipe(recipe: dict[str, Any]) -> None:
    """Check that a recipe, whose fields only its family knows, has neither too many values nor long texts."""
    values: list[Any] = [recipe]
    for value in values:  # the list grows while it is read
        if isinstance(value, dict):
            check_texts("recipe", value, MOST_RECIPE_VALUES)
            values += value.values()
        elif isinstance(value, list | tuple):
            values += value
        elif isinstance(value, str):
            check_text("a text in recipe", value, LONGEST_RECIPE_TEXT)
        elif isinstance(value, int | float):
            check_number("a number in recipe", value, -(2**63), 2**63)
        if len(values) > MOST_RECIPE_VALUES:
            raise ContentError(f"recipe has more than {MOST_RECIPE_VALUES:,} values")
