"""All reading and writing of models/<name>/: card.json, history.csv, predictions.parquet and the folder as a whole.

It knows no classifiers: `core.classifiers.loading` makes one from a folder. Reading a card needs neither pandas nor
torch, so that `python -m core models` answers in a second.
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
    """What writing a model asks of a classifier."""

    @property
    def weights_file(self) -> str: ...

    def save(self, folder: Path) -> None: ...


def read_card(name: str) -> Card:
    """Raises InputError for an unknown model or a card that cannot be read."""
    path = model_folder(name) / CARD
    try:
        return from_json(Card, _modernised(json.loads(path.read_text(encoding="utf-8"))))
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{name}/{CARD} is damaged ({error}); {TRAIN_AGAIN}.") from error


def _modernised(values: dict[str, Any]) -> dict[str, Any]:
    """Older cards say whose calibration they have in a sentence, and hold {} if there is none."""
    calibration = values.get("calibration")
    if calibration == {}:
        return {**values, "calibration": None}
    match calibration:
        case {"fitted_on": str(sentence), **others} if "fitted_with" not in others:
            split, _, model = sentence.partition(", with ")
            return {**values, "calibration": {**others, "fitted_on": split, "fitted_with": model or None}}
    return values


def read_cards() -> tuple[dict[str, Card], dict[str, str]]:
    """The cards that can be read, and for every other model the sentence that says why its card cannot; by name."""
    cards, faults = {}, {}
    for name in model_names():
        try:
            cards[name] = read_card(name)
        except InputError as error:  # one damaged card hides no other model
            faults[name] = str(error)
    return cards, faults


def read_calibration(name: str) -> Calibration:
    """A model's calibration from its card; InputError if the card has none."""
    calibration = read_card(name).calibration
    if calibration is None:
        raise InputError(f"model {name} has no temperature yet; run `python -m core calibrate {name}`.")
    return calibration


def read_history(name: str) -> pd.DataFrame:
    """step, train_loss, train_accuracy, val_loss, val_accuracy, learning_rate, kept: one row per epoch or iteration."""
    import pandas as pd

    with damage_as_input_error(f"{name}/{HISTORY}", TRAIN_AGAIN):
        return pd.read_csv(model_file(name, HISTORY))


def read_predictions(name: str) -> pd.DataFrame:
    """The predictions table: all test images, and those of val unless the model has learnt them."""
    import pandas as pd

    from core.columns import EMOTION_DTYPE

    with damage_as_input_error(f"{name}/{PREDICTIONS}", TRAIN_AGAIN):
        table = pd.read_parquet(model_file(name, PREDICTIONS))
        return table.assign(predicted_label=table["predicted_label"].astype(EMOTION_DTYPE))


def write_model(card: Card, trained: Trained, history: pd.DataFrame, predictions: pd.DataFrame) -> Card:
    """Write the folder beside, then swap it in; returns the card, completed with the weights' size and hash."""
    target = paths.MODELS_DIR / card.name
    beside, old = (target.with_name(f".{card.name}.{state}") for state in ("new", "old"))
    for leftover in (beside, old):
        shutil.rmtree(leftover, ignore_errors=True)
    beside.mkdir(parents=True)
    trained.save(beside)
    weights = beside / trained.weights_file
    card = replace(card, weights_sha256=sha256(weights), size_bytes=weights.stat().st_size)
    write_card(card, beside)
    history.to_csv(beside / HISTORY, index=False, float_format="%.6g", lineterminator="\n")
    (beside / PREDICTIONS).write_bytes(_parquet(predictions))
    # Two renames follow each other at once: removing many files in between would leave a kill time to lose both.
    if target.exists():
        target.rename(old)
    beside.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return read_card(card.name)


def update_model(card: Card, predictions: pd.DataFrame) -> None:
    """Replace the card and the predictions of a model whose weights stay."""
    folder = model_folder(card.name)
    replace_file(folder / PREDICTIONS, _parquet(predictions))
    write_card(card, folder)


def update_time(name: str, ms_per_face: float) -> None:
    """Replace the time in a model's card."""
    write_card(replace(read_card(name), ms_per_face=ms_per_face), model_folder(name))


def write_card(card: Card, folder: Path) -> None:
    replace_file(folder / CARD, json_bytes(card))


def _parquet(predictions: pd.DataFrame) -> bytes:
    """The same values in two thirds of the bytes: a float's exponents lie together, as they resemble one another."""
    floats = predictions.select_dtypes("float32").columns.tolist()
    others = predictions.columns.drop(floats).tolist()
    written: bytes = predictions.to_parquet(
        index=False, compression="zstd", compression_level=19, use_byte_stream_split=floats, use_dictionary=others
    )
    return written
