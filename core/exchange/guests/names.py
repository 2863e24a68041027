"""Names that a guest can have."""

import re
from collections.abc import Iterable
from pathlib import Path

from core import paths
from core.exceptions import InputError, shortened
from core.exchange.guests.guest import GuestFile
from core.models.folders import GUESTS, guests_folder

LONGEST_NAME = 40

FOLDERS = (GUESTS, "detectors")
"""Folders in models/ that hold no model."""

WINDOWS_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
"""Names that Windows does not allow, with any ending."""


def check_name(name: str) -> None:
    """Raise InputError if a guest cannot have this name, or if a model, guest or recipe has it.

    Upper and lower case count as the same, because not all file systems tell them apart.
    """
    from core.training.recipes import RECIPES

    if not re.fullmatch(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_NAME - 1}}}", name) or name.endswith("."):
        raise InputError(
            f"'{shortened(name)}' cannot be the name of a guest; use letters, digits, hyphens, underscores and dots, "
            f"at most {LONGEST_NAME}, with a letter or digit first and no dot at the end."
        )
    key = name.lower()
    if key in FOLDERS:
        raise InputError(f"'{name}' cannot be the name of a guest, because a folder has it; choose another name.")
    if WINDOWS_DEVICES.fullmatch(key):
        raise InputError(
            f"'{name}' cannot be the name of a guest, because Windows keeps it for a device; choose another name."
        )
    if key in _lower(RECIPES) or key in _folders(paths.MODELS_DIR):
        raise InputError(f"'{name}' is the name of one of FERscope's models; choose another name.")
    if key in _folders(guests_folder()):
        raise InputError(f"'{name}' is taken by another guest; choose another name, or remove that guest first.")


def suggested_name(file: GuestFile) -> str:
    """Return a name for a guest, made from that of its file, which `check_name` takes unless it is taken."""
    stem = file.name[: -len(file.ending)] if file.ending else file.name
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-._")[:LONGEST_NAME].rstrip("-._")
    return name or "guest"


def _folders(parent: Path) -> set[str]:
    """Return the names in a folder in lower case; an empty set if it is missing."""
    try:
        return _lower(entry.name for entry in parent.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return set()


def _lower(names: Iterable[str]) -> set[str]:
    return {name.lower() for name in names}
