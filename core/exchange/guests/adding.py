"""Read the predictions and models of others, and add them as guests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.callbacks import StageProgress, no_progress
from core.data.shipped import FER2013_FINGERPRINT, load_manifest
from core.data.store import current_import
from core.exceptions import InputError, shortened
from core.exchange.guests.guest import LARGEST_MODEL, Guest, GuestFile, GuestOptions, ModelReader, Proposal
from core.exchange.guests.names import check_name as check_name  # pages check a name before they read an upload
from core.exchange.guests.table_file import MOST_BYTES, TABLE_ENDINGS
from core.files import read_regular_file
from core.models.card import Card
from core.models.store import write_guest

HARDLY_BETTER_THAN_CHANCE = 0.2
"""A mean recall of the classes below this is worth a note. Chance, and always the same emotion, give 1/7."""

CHECK_ROWS = "that the rows have this order and were not shuffled, or add a column image_id"
CHECK_CLASSES = "the order of the classes"
CHECK_SCALE = "the scale, mean and std of the model's input, and the order of its classes"


@dataclass(frozen=True)
class Added:
    """What came of `add`."""

    card: Card
    """The guest's card; nothing was added if there is a proposal."""
    proposal: Proposal | None
    """Another way to read the file that is clearly better, if it was not to be added as it is."""
    note: str
    """What the user should know about the file; may be empty."""


def add(
    path: Path, name: str, options: GuestOptions, as_given: bool = False, on_progress: StageProgress = no_progress
) -> Added:
    """Add a file as a guest, unless another way to read it is clearly better and `as_given` is False.

    Raises InputError if the name or the file cannot be used. Then, and with a proposal, nothing is added.
    """
    check_name(name)
    guest, proposal = read_guest(open_file(path), name, options, on_progress)
    if proposal is not None and not as_given:
        return Added(guest.card, proposal, guest.note)
    check_name(name)  # another process may have taken it meanwhile
    return Added(write_guest(guest.card, guest.files, guest.predictions), None, guest.note)


def open_file(path: Path) -> GuestFile:
    """Return a file with its content. Raises InputError if it is missing, no regular file or too large."""
    if not path.exists():
        raise InputError(f"{shortened(path, 120)} does not exist; name the file with the predictions or the model.")
    largest = MOST_BYTES if path.suffix.lower() in TABLE_ENDINGS else LARGEST_MODEL
    return GuestFile(path.name, read_regular_file(path, largest))


def read_guest(
    file: GuestFile, name: str, options: GuestOptions, on_progress: StageProgress = no_progress
) -> tuple[Guest, Proposal | None]:
    """Return a guest, and another way to read its file if predictions are clearly better then. Writes nothing.

    Raises InputError if the name or the file cannot be used.
    """
    check_name(name)
    if file.ending in TABLE_ENDINGS:
        return _read_predictions(file, name, options)
    from core.exchange.guests.readers import reader_for

    return _read_model(file, name, options, reader_for(file), on_progress)


def _read_predictions(file: GuestFile, name: str, options: GuestOptions) -> tuple[Guest, Proposal | None]:
    from core.exchange.guests.cards import predictions_card
    from core.exchange.guests.predictions import read_predictions_file

    data, manifest = current_import(), load_manifest()
    read = read_predictions_file(file, options, manifest)
    fingerprint = data.fingerprint if data else FER2013_FINGERPRINT
    card = predictions_card(name, read.recipe, read.table, manifest, fingerprint)
    doubt = _chance_note(card, read.proposal, CHECK_ROWS if read.recipe["order"] else CHECK_CLASSES)
    return Guest(card, read.table, note=" ".join(filter(None, [read.note, doubt]))), read.proposal


def _read_model(
    file: GuestFile, name: str, options: GuestOptions, reader: ModelReader, on_progress: StageProgress
) -> tuple[Guest, Proposal | None]:
    from core.exchange.guests.cards import model_card
    from core.exchange.guests.models import read_model_file

    data = current_import()
    if data is None:
        raise InputError(
            "a model is evaluated on the test images, but no data set is imported; run `python -m core import PATH` "
            "first, or add the model's predictions instead."
        )
    read = read_model_file(file, options, reader, data, on_progress)
    on_progress("Measure the time per face", 0, 1)
    card = model_card(name, reader.kind, read.model, read.table, data.manifest(), data.fingerprint)
    on_progress("Measure the time per face", 1, 1)
    files = {read.model.classifier.weights_file: read.model.weights}
    return Guest(card, read.table, files, _chance_note(card, read.proposal, CHECK_SCALE)), read.proposal


def _chance_note(card: Card, proposal: Proposal | None, check: str) -> str:
    """Return a sentence if the predictions are hardly better than chance, otherwise an empty text."""
    mean_recall = card.score("test").balanced_accuracy
    if proposal is not None or mean_recall is None or mean_recall >= HARDLY_BETTER_THAN_CHANCE:
        return ""
    return f"The predictions are hardly better than chance; check {check}."
