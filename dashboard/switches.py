"""Settings that are on or off."""

import os
from collections.abc import Mapping

from core.exceptions import InputError

VALUES = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def switched_on(name: str, settings: Mapping[str, str]) -> bool:
    """Return whether a setting is on; unset and empty mean off. Raises InputError for a value not in `VALUES`."""
    value = settings.get(name, "").strip().lower() or "0"
    if value not in VALUES:
        raise InputError(f"{name} is {value!r}; write 1 or 0.")
    return VALUES[value]


def read_only() -> bool:
    """Return whether `FERSCOPE_READ_ONLY` forbids visitors to change files on the server."""
    return switched_on("FERSCOPE_READ_ONLY", os.environ)


def predictions_only() -> bool:
    """Return whether `FERSCOPE_PREDICTIONS_ONLY` forbids visitors to add models, whose files run on the server."""
    return switched_on("FERSCOPE_PREDICTIONS_ONLY", os.environ)
