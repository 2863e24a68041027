"""Read and write the folder of a model, and its card, history and predictions.

Our own models lie in models/<name>/, models of others (guests) in models/guests/<name>/. Both have the same files.

`core.classifiers.loading` loads the classifier. Reading a card imports neither pandas nor torch, so that
`python -m core models` takes less than a second.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from core import paths
from core.exceptions import InputError, shortened, unknown_name
from core.files import damage_as_input_error, json_bytes, read_regular_file, replace_file, sha256
from core.models.card import Calibration, Card
from core.models.folders import (
    CARD,
    HISTORY,
    MODEL_REMEDY,
    PREDICTIONS,
    guest_folder_names,
    guest_names,
    guests_folder,
    model_file,
    model_folder,
    model_names,
    remedy,
    shown_file,
    unshowable_names,
)
from core.models.strict_json import parse_json
from core.models.typed_json import from_json

if TYPE_CHECKING:
    import pandas as pd


LARGEST_CARD = 1_000_000
"""Largest size of card.json in bytes; cards that ship have 12,000."""


class SavableClassifier(Protocol):
    """A classifier that `write_model` can save."""

    @property
    def weights_file(self) -> str: ...

    def save(self, folder: Path) -> None: ...


def read_card(name: str) -> Card:
    """Read a model's card; its name is that of the folder. Raises InputError for an unknown model or a damaged card."""
    folder = model_folder(name)
    content = read_regular_file(folder / CARD, LARGEST_CARD)
    with damage_as_input_error(shown_file(name, CARD), remedy(folder)):
        card = from_json(Card, _with_current_calibration(parse_json(content)))
        role = "guest" if folder.parent == guests_folder() else card.role
        return replace(card, name=name, role=role)  # a folder may have been copied or renamed


def _with_current_calibration(values: Any) -> Any:
    """Return the values of a card, with a calibration of an older format converted to the current one.

    Older cards had {} instead of null, and named the calibrating model in `fitted_on`: "val, with cnn-student-2".
    """
    if not isinstance(values, dict):
        return values
    calibration = values.get("calibration")
    if calibration == {}:
        return {**values, "calibration": None}
    match calibration:
        case {"fitted_on": str(source), **other_fields} if "fitted_with" not in other_fields:
            split, _, model = source.partition(", with ")
            return {**values, "calibration": {**other_fields, "fitted_on": split, "fitted_with": model or None}}
    return values


def read_cards() -> tuple[dict[str, Card], dict[str, str]]:
    """Return the readable cards of our own models, and the error messages for the unreadable ones; both by name."""
    cards, errors = _read_cards(model_names())
    for name in unshowable_names():
        errors[name] = "the name of this folder has characters that cannot be shown; rename the folder."
    return cards, errors


def read_guest_cards() -> tuple[dict[str, Card], dict[str, str]]:
    """Return the readable cards of the guests, and the error messages for the unreadable ones; both by name."""
    return _read_cards(guest_names())


def _read_cards(names: list[str]) -> tuple[dict[str, Card], dict[str, str]]:
    cards, errors = {}, {}
    for name in names:
        try:
            cards[name] = read_card(name)
        except InputError as error:  # a damaged card must not hide the other models
            errors[name] = str(error)
    return cards, errors


def read_calibration(name: str) -> Calibration:
    """Return the calibration in a model's card. Raises InputError if there is none."""
    calibration = read_card(name).calibration
    if calibration is None:
        shown = shortened(name)
        raise InputError(f"model {shown} has no temperature yet; run `python -m core calibrate {shown}`.")
    return calibration


def read_history(name: str) -> pd.DataFrame:
    """Read the training history: one row per epoch or iteration.

    Columns: step, train_loss, train_accuracy, val_loss, val_accuracy, learning_rate, kept.
    """
    from core.models.strict_csv import HISTORY_COLUMNS, read_csv_table

    file = model_file(name, HISTORY)
    with damage_as_input_error(shown_file(name, HISTORY), MODEL_REMEDY):
        return read_csv_table(file, HISTORY_COLUMNS)


def read_predictions(name: str) -> pd.DataFrame:
    """Read the predictions for all test images, and for val unless the model was trained on it.

    Raises InputError for an unknown model, and for a missing or damaged file. See `read_predictions_table`.
    """
    from core.models.predictions_file import read_predictions_table

    file = model_file(name, PREDICTIONS)
    with damage_as_input_error(shown_file(name, PREDICTIONS), remedy(file.parent)):
        return read_predictions_table(file)


def write_model(card: Card, classifier: SavableClassifier, history: pd.DataFrame, predictions: pd.DataFrame) -> Card:
    """Write a model's folder, and return the card with the size and hash of the weights.

    The new folder is first written under a temporary name, so that a crash cannot damage an existing one.
    """
    target = paths.MODELS_DIR / card.name
    with _new_folder(target) as folder:
        classifier.save(folder)
        weights = folder / classifier.weights_file
        card = replace(card, weights_sha256=sha256(weights), size_bytes=weights.stat().st_size)
        write_card(card, folder)
        history.to_csv(folder / HISTORY, index=False, float_format="%.6g", lineterminator="\n")
        (folder / PREDICTIONS).write_bytes(_parquet(predictions))
    return read_card(card.name)


def write_guest(card: Card, files: Mapping[str, bytes], predictions: pd.DataFrame) -> Card:
    """Write a guest's folder with its weights file, if any, in `files`; return its card. See `write_model`.

    Raises InputError if there is a guest of this name already, even if another process has just added it.
    """
    with _new_folder(guests_folder() / card.name, replaces=False) as folder:
        for name, content in files.items():
            (folder / name).write_bytes(content)
        write_card(card, folder)
        (folder / PREDICTIONS).write_bytes(_parquet(predictions))
    return read_card(card.name)


def remove_guest(name: str) -> None:
    """Remove a guest's folder, even a damaged one. Raises InputError for an unknown guest.

    Our own models are never removed.
    """
    if name not in guest_folder_names():
        raise unknown_name("guest", name, guest_names())
    folder = guests_folder() / name
    removed = folder.with_name(f".{name}.removed")  # renamed first, so that a crash leaves no half of a guest
    shutil.rmtree(removed, ignore_errors=True)
    folder.rename(removed)
    shutil.rmtree(removed, ignore_errors=True)


@contextmanager
def _new_folder(target: Path, replaces: bool = True) -> Iterator[Path]:
    """Yield a temporary folder that takes the place of `target` at the end of the `with` block, unless it fails.

    If it `replaces` nothing, InputError is raised for a target that exists at the end. Then several processes can write
    the same target at once, and the first one wins.
    """
    writer = "" if replaces else f".{os.getpid()}-{threading.get_ident()}"
    new_folder, old_folder = (target.with_name(f".{target.name}{writer}.{state}") for state in ("new", "old"))
    for leftover in (new_folder, old_folder):
        shutil.rmtree(leftover, ignore_errors=True)
    new_folder.mkdir(parents=True)
    try:
        yield new_folder
    except BaseException:
        shutil.rmtree(new_folder, ignore_errors=True)
        raise
    # A crash between the two renames leaves no model under this name, so they follow each other directly.
    if replaces and target.exists():
        target.rename(old_folder)
    try:
        new_folder.rename(target)  # refused by the system if the target is a folder with files
    except OSError as error:
        shutil.rmtree(new_folder, ignore_errors=True)
        if not replaces and target.exists():
            raise InputError(f"'{target.name}' has just been taken; choose another name.") from error
        raise
    shutil.rmtree(old_folder, ignore_errors=True)


def update_model(card: Card, predictions: pd.DataFrame) -> None:
    """Replace a model's card and predictions, but not its weights and history."""
    folder = model_folder(card.name)
    replace_file(folder / PREDICTIONS, _parquet(predictions))
    write_card(card, folder)


def update_ms_per_face(name: str, ms_per_face: float, processor: str) -> None:
    """Replace the time per face in a model's card; `processor` is the kind of processor that it was measured on."""
    card = read_card(name)
    timing_processor = None if card.machine.startswith(f"{processor},") else processor
    write_card(replace(card, ms_per_face=ms_per_face, timing_processor=timing_processor), model_folder(name))


def write_card(card: Card, folder: Path) -> None:
    """Write card.json into a folder."""
    replace_file(folder / CARD, json_bytes(card))


def _parquet(predictions: pd.DataFrame) -> bytes:
    """Return the table as a parquet file. Byte-stream splitting of the float columns makes the file a third smaller."""
    float_columns = predictions.select_dtypes("float32").columns.tolist()
    other_columns = predictions.columns.drop(float_columns).tolist()
    content: bytes = predictions.to_parquet(
        index=False,
        compression="zstd",
        compression_level=19,
        use_byte_stream_split=float_columns,
        use_dictionary=other_columns,
    )
    return content
