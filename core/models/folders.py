"""Folders and file names of trained models: models/<name>/."""

from pathlib import Path

from core import paths
from core.exceptions import InputError, unknown_name

CARD, HISTORY, PREDICTIONS = "card.json", "history.csv", "predictions.parquet"

MODEL_REMEDY = "restore the file or train the model again"


def model_names() -> list[str]:
    """Return the sorted names of the models in models/; empty if there are none."""
    # A folder whose name starts with a dot is temporary: its model is being written, or writing it was interrupted.
    return sorted(card.parent.name for card in paths.MODELS_DIR.glob(f"[!.]*/{CARD}"))


def model_folder(name: str) -> Path:
    """Return a model's folder. Raises InputError with the valid names for an unknown name."""
    if name not in model_names():
        raise unknown_name("model", name, model_names() or ["(none; train one first)"])
    return paths.MODELS_DIR / name


def model_file(name: str, file_name: str) -> Path:
    """Return the path of a file in a model's folder. Raises InputError for an unknown model or a missing file."""
    path = model_folder(name) / file_name
    if not path.exists():
        raise InputError(f"model {name} has no {file_name}; {MODEL_REMEDY}.")
    return path
