"""Settings that are on or off."""

import os
from collections.abc import Mapping

from core.exceptions import InputError

VALUES = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def switched_on(name: str, settings: Mapping[str, str]) -> bool:
    """Return whether a setting is on. Unset and empty mean off; raises InputError for an unknown value."""
    value = settings.get(name, "").strip().lower() or "0"
    if value not in VALUES:
        raise InputError(f"{name} is {value!r}; write 1 or 0.")
    return VALUES[value]


def read_only() -> bool:
    """Return whether visitors may not change the server's files, as on a shared deployment."""
    return switched_on("FERSCOPE_READ_ONLY", os.environ)
