"""Limits on the films of visitors: their size, their formats and how many minutes are read."""

import math
import os

from core.exceptions import InputError, shortened
from dashboard import switches

FILM_MB = 400
"""Maximum size of an uploaded film in MB, that of all uploads in .streamlit/config.toml."""

FILM_TYPES = (
    *("mp4", "m4v", "mov", "webm", "mkv", "avi", "mpg", "mpeg", "ts", "mts", "m2ts", "3gp", "wmv", "flv", "ogv"),
    "gif",
)
"""Endings of file names that the page offers. Any other film can be read by the command `video`."""

MINUTES_VARIABLE = "FERSCOPE_MAX_FILM_MINUTES"
READ_ONLY_MINUTES = 10.0
"""Minutes that are read if the server is read-only and `MINUTES_VARIABLE` is not set."""


def longest_minutes() -> float | None:
    """Return how many minutes of a film are read; None if there is no limit.

    `FERSCOPE_MAX_FILM_MINUTES` sets it. Raises InputError if that is not a positive number.
    """
    text = os.environ.get(MINUTES_VARIABLE, "").strip()
    if not text:
        return READ_ONLY_MINUTES if switches.read_only() else None
    try:
        minutes = float(text)
    except ValueError:
        minutes = math.nan
    if not 0 < minutes < math.inf:
        raise InputError(
            f"{MINUTES_VARIABLE} is {shortened(text)!r}, which is not a positive number; write for example 10."
        )
    return minutes
