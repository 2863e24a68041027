"""Read and write models/<name>/: card.json, history.csv, predictions.parquet and the whole folder.

`core.classifiers.loading` loads the classifier itself. Reading a card imports neither pandas nor torch, so that
`python -m core models` takes less than a second.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from core import paths
from core.exceptions import InputError
from core.files import damage_as_input_error, json_bytes, replace_file, sha256
from core.models.card import Calibration, Card
from core.models.folders import CARD, HISTORY, PREDICTIONS, TRAIN_AGAIN, model_file, model_folder, model_names
from core.models.typed_json import from_json

if TYPE_CHECKING:
    import pandas as pd


class Trained(Protocol):
    """What `write_model` needs of a classifier."""

    @property
    def weights_file(self) -> str: ...

    def save(self, folder: Path) -> None: ...


def read_card(name: str) -> Card:
    """Read a model's card. Raises InputError for an unknown model or a damaged card."""
    path = model_folder(name) / CARD
    try:
        return from_json(Card, _with_current_calibration(json.loads(path.read_text(encoding="utf-8"))))
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{name}/{CARD} is damaged ({error}); {TRAIN_AGAIN}.") from error


def _with_current_calibration(values: dict[str, Any]) -> dict[str, Any]:
    """Convert the calibration of older cards: a sentence names its source, and {} means that there is none."""
    calibration = values.get("calibration")
    if calibration == {}:
        return {**values, "calibration": None}
    match calibration:
        case {"fitted_on": str(sentence), **others} if "fitted_with" not in others:
            split, _, model = sentence.partition(", with ")
            return {**values, "calibration": {**others, "fitted_on": split, "fitted_with": model or None}}
    return values


def read_cards() -> tuple[dict[str, Card], dict[str, str]]:
    """Return all readable cards, and an error message for each unreadable one; both by name."""
    cards, faults = {}, {}
    for name in model_names():
        try:
            cards[name] = read_card(name)
        except InputError as error:  # a damaged card must not hide the other models
            faults[name] = str(error)
    return cards, faults


def read_calibration(name: str) -> Calibration:
    """Return the calibration in a model's card. Raises InputError if there is none."""
    calibration = read_card(name).calibration
    if calibration is None:
        raise InputError(f"model {name} has no temperature yet; run `python -m core calibrate {name}`.")
    return calibration


def read_history(name: str) -> pd.DataFrame:
    """Read the training history: one row per epoch or iteration.

    Columns: step, train_loss, train_accuracy, val_loss, val_accuracy, learning_rate, kept.
    """
    import pandas as pd

    with damage_as_input_error(f"{name}/{HISTORY}", TRAIN_AGAIN):
        return pd.read_csv(model_file(name, HISTORY))


def read_predictions(name: str) -> pd.DataFrame:
    """Read the predictions for all test images, and for val unless the model was trained on it."""
    import pandas as pd

    from core.columns import EMOTION_DTYPE

    with damage_as_input_error(f"{name}/{PREDICTIONS}", TRAIN_AGAIN):
        table = pd.read_parquet(model_file(name, PREDICTIONS))
        return table.assign(predicted_label=table["predicted_label"].astype(EMOTION_DTYPE))


def write_model(card: Card, trained: Trained, history: pd.DataFrame, predictions: pd.DataFrame) -> Card:
    """Replace a model's folder, and return the card with the size and hash of the weights.

    The new folder is written under another name first, so that a crash cannot damage the old one.
    """
    target = paths.MODELS_DIR / card.name
    new, old = (target.with_name(f".{card.name}.{state}") for state in ("new", "old"))
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    new.mkdir(parents=True)
    trained.save(new)
    weights = new / trained.weights_file
    card = replace(card, weights_sha256=sha256(weights), size_bytes=weights.stat().st_size)
    write_card(card, new)
    history.to_csv(new / HISTORY, index=False, float_format="%.6g", lineterminator="\n")
    (new / PREDICTIONS).write_bytes(_parquet(predictions))
    # The two renames directly follow each other. A crash between them would lose the model, so nothing slow is here.
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return read_card(card.name)


def update_model(card: Card, predictions: pd.DataFrame) -> None:
    """Replace a model's card and predictions; its weights stay."""
    folder = model_folder(card.name)
    replace_file(folder / PREDICTIONS, _parquet(predictions))
    write_card(card, folder)


def update_time(name: str, ms_per_face: float) -> None:
    """Replace the time per face in a model's card."""
    write_card(replace(read_card(name), ms_per_face=ms_per_face), model_folder(name))


def write_card(card: Card, folder: Path) -> None:
    """Write card.json into a folder."""
    replace_file(folder / CARD, json_bytes(card))


def _parquet(predictions: pd.DataFrame) -> bytes:
    """Return the table as a parquet file. Splitting floats into their bytes first saves a third of its size."""
    floats = predictions.select_dtypes("float32").columns.tolist()
    others = predictions.columns.drop(floats).tolist()
    written: bytes = predictions.to_parquet(
        index=False, compression="zstd", compression_level=19, use_byte_stream_split=floats, use_dictionary=others
    )
    return written
