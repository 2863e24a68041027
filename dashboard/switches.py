"""Settings that are on or off."""

import os
from collections.abc import Mapping

from core.exceptions import InputError

WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def switched_on(name: str, settings: Mapping[str, str]) -> bool:
    """Whether a setting is on; off where it is not set or empty. InputError for a word that means neither."""
    word = settings.get(name, "").strip().lower() or "0"
    if word not in WORDS:
        raise InputError(f"{name} is {word!r}; write 1 or 0.")
    return WORDS[word]


def read_only() -> bool:
    """Whether this is a shared deployment, on which nobody may change the server's files."""
    return switched_on("FERSCOPE_READ_ONLY", os.environ)
