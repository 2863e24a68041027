"""Where models lie: models/<name>/ and the files in it."""

from pathlib import Path

from core import paths
from core.exceptions import InputError, unknown_name

CARD, HISTORY, PREDICTIONS = "card.json", "history.csv", "predictions.parquet"

TRAIN_AGAIN = "restore the file or train the model again"


def model_names() -> list[str]:
    """The models in models/, sorted; an empty list is a normal answer."""
    # A dot begins the name of a folder that is still being written.
    return sorted(card.parent.name for card in paths.MODELS_DIR.glob(f"[!.]*/{CARD}"))


def model_folder(name: str) -> Path:
    """Where a model lies; raises InputError for a name that is not there."""
    if name not in model_names():
        raise unknown_name("model", name, model_names() or ["(there is none: train one)"])
    return paths.MODELS_DIR / name


def model_file(name: str, file: str) -> Path:
    """A file of a model's folder; raises InputError for an unknown model and for a file that is missing."""
    path = model_folder(name) / file
    if not path.exists():
        raise InputError(f"model {name} has no {file}; {TRAIN_AGAIN}.")
    return path
