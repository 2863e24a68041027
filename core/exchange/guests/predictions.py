"""Read a table of predictions as a guest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.emotions import EMOTIONS
from core.evaluation.predictions import join_manifest, predictions_table
from core.evaluation.scored_table import correct
from core.exceptions import InputError
from core.exchange.guests.guest import GuestFile, GuestOptions, Proposal, RowOrder
from core.exchange.guests.image_rows import possible_orders, rows_by_id, rows_by_order
from core.exchange.guests.options import MODEL_OPTIONS
from core.exchange.guests.proposals import Outputs, Scale, propose
from core.exchange.guests.table_columns import find_columns
from core.exchange.guests.table_file import read_table
from core.exchange.guests.values import read_values


@dataclass(frozen=True, eq=False)
class ReadPredictions:
    """The predictions in a file."""

    table: pd.DataFrame
    """The predictions table of the test images that the file has."""
    recipe: dict[str, Any]
    """How the file was read: values (what they are), order (of rows; None with ids) and classes."""
    proposal: Proposal | None
    note: str


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows of the file that are test images."""

    rows: NDArray[np.int64]
    """Their positions in the file, (n,)."""
    positions: dict[RowOrder | None, NDArray[np.int64]]
    """Row order -> their positions in the manifest, (n,), the order in use first; None is the key with ids."""
    note: str = ""


def read_predictions_file(file: GuestFile, options: GuestOptions, manifest: pd.DataFrame) -> ReadPredictions:
    """Return the predictions in a file for test images of the data set in use.

    Raises InputError if the file cannot be read, if its rows or values do not fit, or for options of models.
    """
    if given := [name for name in MODEL_OPTIONS if getattr(options, name) not in (None, ())]:
        raise InputError(f"{given[0]} is an option for models, but this file holds predictions; leave it out.")
    if not (manifest["split"] == "test").any():
        raise InputError("the data set in use has no test images; import the whole of FER2013.")
    manifest = manifest.reset_index(drop=True)
    table = read_table(file)
    columns = find_columns(table)
    if columns.ids is None:
        rows = _by_order(table.rows, options.order, manifest, table.file_name)
    else:
        rows = _by_id(table.texts(columns.ids), options.order, manifest, table.file_name)
    probabilities, kind, are_words = read_values(table, columns)
    probabilities = probabilities[rows.rows]
    classes = EMOTIONS if are_words or options.classes is None else options.classes
    order = next(iter(rows.positions))
    recipe = {"values": kind, "order": order, "classes": list(classes)}
    predicted = np.asarray(probabilities.argmax(axis=1), np.int64)
    true = np.asarray(manifest["true_label"].cat.codes, np.int64)
    outputs: dict[tuple[RowOrder | None, Scale], Outputs]
    outputs = {(key, None): Outputs(true[positions], predicted) for key, positions in rows.positions.items()}
    proposal = propose(outputs, classes, are_words)
    predictions = _table(probabilities, classes, rows.positions[order], manifest)
    if kind == "labels" and not columns.are_named_predictions:
        _refuse_true_labels(predictions, proposal, manifest, table.file_name)
    note = " ".join(filter(None, [rows.note, _class_note(options, are_words)]))
    return ReadPredictions(predictions, recipe, proposal, note)


def _refuse_true_labels(
    predictions: pd.DataFrame, proposal: Proposal | None, manifest: pd.DataFrame, file_name: str
) -> None:
    """Raise InputError if all labels are right, also as proposed: then the file has the true labels."""
    is_right = bool(correct(join_manifest(predictions, manifest)).all())
    if is_right or (proposal is not None and proposal.accuracy == 1):
        raise InputError(
            f"{file_name}: the labels that were read are the true labels of all {len(predictions):,} images; name the "
            "column with the predictions predicted_label, and leave out the true labels."
        )


def _by_id(ids: list[str], order: RowOrder | None, manifest: pd.DataFrame, file_name: str) -> _Rows:
    rows, positions = rows_by_id(ids, manifest, file_name)
    notes = []
    if others := len(ids) - len(rows):
        notes.append(f"{others:,} rows of train and val images were left out.")
    if order:
        notes.append("The image ids tell the order of the rows, so the given order was not used.")
    return _Rows(rows, {None: positions}, " ".join(notes))


def _by_order(count: int, order: RowOrder | None, manifest: pd.DataFrame, file_name: str) -> _Rows:
    used = rows_by_order(count, order, manifest, file_name)
    fitting = possible_orders(count, manifest)
    return _Rows(np.arange(count), {key: fitting[key] for key in (used, *(key for key in fitting if key != used))})


def _class_note(options: GuestOptions, are_words: bool) -> str:
    if are_words and options.classes is not None:
        return "The file names the emotions, so the given order of classes was not used."
    return ""


def _table(
    probabilities: NDArray[np.float64], classes: tuple[str, ...], positions: NDArray[np.int64], manifest: pd.DataFrame
) -> pd.DataFrame:
    """Return the predictions table in the order of the manifest, from probabilities in the order of `classes`."""
    by_emotion = probabilities[:, [classes.index(emotion) for emotion in EMOTIONS]]
    in_manifest_order = np.argsort(positions)
    image_ids = manifest["image_id"].iloc[positions[in_manifest_order]]
    return predictions_table(image_ids, by_emotion[in_manifest_order].astype(np.float32))
