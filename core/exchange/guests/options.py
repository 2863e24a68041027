"""Parse the options with which a guest is read, from a command line or a form."""

import math
import re
from typing import Any, get_args

from core.data.sources.words import emotion_of
from core.emotions import CSV_EMOTIONS, EMOTIONS
from core.exceptions import InputError, shortened
from core.exchange.guests.guest import GuestOptions, Layout, RowOrder

CLASS_ORDERS: dict[str, tuple[str, ...]] = {"folder": EMOTIONS, "csv": CSV_EMOTIONS}
"""Name of a class order -> the seven emotions.

- folder: alphabetical, as Keras and torchvision number the folders
- csv: as the column emotion of fer2013.csv numbers them
"""

MODEL_OPTIONS = ("layout", "channels", "scale", "mean", "std")
"""Fields of `GuestOptions` that only models have."""


def parse_options(
    order: str | None = None,
    classes: str | None = None,
    layout: str | None = None,
    channels: str | None = None,
    scale: str | None = None,
    mean: str | None = None,
    std: str | None = None,
) -> GuestOptions:
    """Return options from texts; None and empty texts leave an option open. Raises InputError for a wrong text."""
    deviations = _numbers("std", std)
    if any(number == 0 for number in deviations):
        raise InputError("std must not be 0, because it is a divisor.")
    return GuestOptions(
        order=_choice("order", order, get_args(RowOrder)),
        classes=parse_class_order(classes) if classes else None,
        layout=_choice("layout", layout, get_args(Layout)),
        channels=_number_choice("channels", channels, (1, 3)),
        scale=_number_choice("scale", scale, (1, 255)),
        mean=_numbers("mean", mean),
        std=deviations,
    )


def parse_class_order(text: str) -> tuple[str, ...]:
    """Return seven emotions from `folder`, `csv` or seven names with commas; raises InputError for anything else."""
    if order := CLASS_ORDERS.get(text.strip().lower()):
        return order
    emotions = [emotion_of(word) for word in re.split("[,;]", text)[: len(EMOTIONS) + 1]]
    classes = tuple(emotion for emotion in emotions if emotion)
    if len(emotions) != len(EMOTIONS) or set(classes) != set(EMOTIONS):
        raise InputError(
            f"'{shortened(text)}' is no order of classes; use folder, csv or each of the seven emotions once, such as "
            f"{','.join(CSV_EMOTIONS)}."
        )
    return classes


def class_order_text(classes: tuple[str, ...]) -> str:
    """Return the shortest text that `parse_class_order` turns into `classes`."""
    return next((name for name, order in CLASS_ORDERS.items() if order == classes), ",".join(classes))


def _choice(name: str, text: str | None, choices: tuple[Any, ...]) -> Any:
    value = (text or "").strip().lower()
    if value and value not in choices:
        raise InputError(f"{name} '{shortened(text)}' is unknown; choose from {', '.join(choices)}.")
    return value or None


def _number_choice(name: str, text: str | None, choices: tuple[int, int]) -> Any:
    """Return one of two numbers, or None; the type is that of the option, such as `Literal[1, 3]`."""
    found = _choice(name, text, tuple(map(str, choices)))
    return None if found is None else int(found)


def _numbers(name: str, text: str | None) -> tuple[float, ...]:
    """Return one number or three, or none for an empty text."""
    words = re.split(r"[,;\s]+", text.strip()) if text and text.strip() else []
    try:
        numbers = tuple(float(word) for word in words[:4])
    except ValueError:
        numbers = (math.nan,)
    if len(numbers) not in (0, 1, 3) or not all(map(math.isfinite, numbers)):
        raise InputError(
            f"{name} '{shortened(text)}' is wrong; give one number, or one per channel, such as 0.485,0.456,0.406."
        )
    return numbers
