"""Folders and file names of models: models/<name>/ of our own, models/guests/<name>/ of models of others (guests)."""

from pathlib import Path

from core import paths
from core.exceptions import InputError, shortened, unknown_name
from core.files import unreadable

CARD, HISTORY, PREDICTIONS = "card.json", "history.csv", "predictions.parquet"

GUESTS = "guests"
"""The folder in models/ that holds the guests. Git ignores it, because it contains work of others."""

MODEL_REMEDY, GUEST_REMEDY = "restore the file or train the model again", "remove the guest and add it again"


def model_names() -> list[str]:
    """Return the sorted names of our own models, which lie in models/; empty if there are none.

    Names that cannot be shown are left out; `unshowable_names` returns them. Raises InputError if models/ cannot be
    read.
    """
    return _showable(paths.MODELS_DIR)


def guest_names() -> list[str]:
    """Return the sorted names of the guests in models/guests/, as `model_names`. Names of our own models are left out.

    A model that is trained later can have the name of a guest; then this name means our own model.
    """
    own = set(model_names())
    return [name for name in _showable(guests_folder()) if name not in own]


def guest_folder_names() -> list[str]:
    """Return the sorted names of all folders in models/guests/.

    Other than `guest_names`, they include guests whose card is missing, and guests with the name of our own model.
    """
    try:
        return sorted(path.name for path in guests_folder().iterdir() if path.is_dir() and path.name[0] != ".")
    except (FileNotFoundError, NotADirectoryError):
        return []


def remedy(folder: Path) -> str:
    """Return the end of a message about a damaged file in a model's folder: what the user can do."""
    return GUEST_REMEDY if folder.parent == guests_folder() else MODEL_REMEDY


def guests_folder() -> Path:
    """Return the path of models/guests/, which may be missing."""
    return paths.MODELS_DIR / GUESTS


def unshowable_names() -> list[str]:
    """Return the names of folders with a card that cannot be shown, because they are not text or contain a line end.

    Each character that cannot be shown is replaced by a code, such as `\\udcff`.
    """
    return [
        ascii(name)[1:-1]
        for folder in (paths.MODELS_DIR, guests_folder())
        for name in _folders_with_card(folder)
        if not name.isprintable()
    ]


def _showable(folder: Path) -> list[str]:
    return [name for name in _folders_with_card(folder) if name.isprintable()]


def _folders_with_card(parent: Path) -> list[str]:
    try:
        # A folder whose name starts with a dot is temporary: its model is being written, or writing was interrupted.
        names = sorted(folder.name for folder in parent.iterdir() if not folder.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise unreadable(f"{parent.name}/", error) from error
    return [name for name in names if _has_card(parent / name)]


def _has_card(folder: Path) -> bool:
    """Return whether there is a card.json of any kind, even one that cannot be read, so that its fault is reported."""
    try:
        (folder / CARD).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # a folder without permission, for example
        return True
    return True


def model_folder(name: str) -> Path:
    """Return the folder of a model or guest. Raises InputError with the valid names for an unknown name."""
    own, guests = model_names(), guest_names()
    if name in own:
        return paths.MODELS_DIR / name
    if name in guests:
        return guests_folder() / name
    raise unknown_name("model", name, [*own, *guests] or ["(none; train one first)"])


def model_file(name: str, file_name: str) -> Path:
    """Return the path of a file in a model's folder. Raises InputError as `optional_file`, and for a missing file."""
    path = optional_file(name, file_name)
    if path is None:
        raise InputError(f"model {shortened(name)} has no {file_name}; {remedy(model_folder(name))}.")
    return path


def optional_file(name: str, file_name: str) -> Path | None:
    """Return the path of a file in a model's folder, or None if there is none.

    Raises InputError for an unknown model, and if there is no file, but a folder, device or FIFO of this name.
    """
    path = model_folder(name) / file_name
    try:
        path.lstat()
        is_file = path.is_file()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(shown_file(name, file_name), error) from error
    if not is_file:
        raise InputError(
            f"{shown_file(name, file_name)} is not a file, but a folder, a device or a broken link; "
            f"{remedy(path.parent)}."
        )
    return path


def shown_file(name: str, file_name: str) -> str:
    """Return the name of a model's file for messages, such as `cnn/card.json`."""
    return f"{shortened(name)}/{file_name}"
