"""Folders and file names of trained models: models/<name>/."""

from pathlib import Path

from core import paths
from core.exceptions import InputError, shortened, unknown_name
from core.files import unreadable

CARD, HISTORY, PREDICTIONS = "card.json", "history.csv", "predictions.parquet"

MODEL_REMEDY = "restore the file or train the model again"


def model_names() -> list[str]:
    """Return the sorted names of the models in models/; empty if there are none.

    Names that cannot be shown are left out; `unshowable_names` returns them. Raises InputError if models/ cannot be
    read.
    """
    return [name for name in _folders_with_card() if name.isprintable()]


def unshowable_names() -> list[str]:
    """Return the names of folders with a card that cannot be shown, because they are not text or contain a line end.

    Each character that cannot be shown is replaced by a code, such as `\\udcff`.
    """
    return [ascii(name)[1:-1] for name in _folders_with_card() if not name.isprintable()]


def _folders_with_card() -> list[str]:
    try:
        # A folder whose name starts with a dot is temporary: its model is being written, or writing was interrupted.
        names = sorted(folder.name for folder in paths.MODELS_DIR.iterdir() if not folder.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unreadable(f"{paths.MODELS_DIR.name}/", error) from error
    return [name for name in names if _has_card(paths.MODELS_DIR / name)]


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
    """Return a model's folder. Raises InputError with the valid names for an unknown name."""
    if name not in model_names():
        raise unknown_name("model", name, model_names() or ["(none; train one first)"])
    return paths.MODELS_DIR / name


def model_file(name: str, file_name: str) -> Path:
    """Return the path of a file in a model's folder. Raises InputError as `optional_file`, and for a missing file."""
    path = optional_file(name, file_name)
    if path is None:
        raise InputError(f"model {shortened(name)} has no {file_name}; {MODEL_REMEDY}.")
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
            f"{shown_file(name, file_name)} is not a file, but a folder, a device or a broken link; {MODEL_REMEDY}."
        )
    return path


def shown_file(name: str, file_name: str) -> str:
    """Return the name of a model's file for messages, such as `cnn/card.json`."""
    return f"{shortened(name)}/{file_name}"
