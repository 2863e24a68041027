"""Guests: models and predictions of others. They are kept in models/guests/, or used only for a visit.

Guests of a visit live in the session state, so other sessions never see them and they end with the session.
"""

import hashlib
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import streamlit as st

from core.callbacks import StageProgress
from core.classifiers.base import Classifier, refuse_to_load
from core.classifiers.calibrated import Calibrated
from core.classifiers.loading import config_of, family_of
from core.classifiers.shared import SharedClassifier
from core.exceptions import InputError, shortened
from core.exchange.guests import adding
from core.exchange.guests.guest import Guest, GuestFile, GuestOptions, Proposal
from core.exchange.guests.names import LONGEST_NAME, check_name, suggested_name
from core.exchange.guests.table_file import TABLE_ENDINGS
from core.models import store
from core.models.card import Card
from core.models.folders import guest_names, model_names
from core.vision.crops import FACE_SIZE
from dashboard import keys, switches

MOST_OF_VISIT, MOST_BYTES_OF_VISIT = 8, 400_000_000
"""Largest number of guests of one visit, and of bytes of their files: they are kept in the server's memory."""

_reading = threading.Lock()
"""Held while a file is checked, because a check can need gigabytes of memory and all processor cores."""

_writing = threading.Lock()
"""Held while a guest is written, so that two visitors cannot take the same name at once."""


@dataclass(frozen=True, eq=False)
class VisitingGuest:
    """A guest of this visit. A model is loaded when it first predicts."""

    guest: Guest
    stamp: tuple[str, str]
    """A cache key that stands for the content of the card, the predictions and the files."""

    @cached_property
    def classifier(self) -> Calibrated:
        """The model, ready to predict. Its files are on disk only while they are loaded.

        Raises InputError if they cannot be written, and for a guest that consists of predictions.
        """
        card = self.guest.card
        loaded = Calibrated(_load(card, self.guest.files))
        loaded.predict_proba(np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8))  # the first prediction is slow
        return loaded

    @cached_property
    def shared_classifier(self) -> SharedClassifier:
        """The model for use by video streams."""
        return SharedClassifier(self.classifier)


def _load(card: Card, files: Mapping[str, bytes]) -> Classifier:
    classifier_class = family_of(card).load_class()
    what, remedy = f"{card.name} could not be loaded from", "Make room there, and try again."
    with _disk_errors(what, remedy), _temporary_folder() as folder:
        for name, content in files.items():
            (folder / name).write_bytes(content)
        loaded: Classifier = classifier_class.load(folder, config_of(card), refuse_to_load)
    return loaded


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    # Windows cannot delete files that a library still has open.
    with tempfile.TemporaryDirectory(prefix="ferscope-guest-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _disk_errors(what: str, remedy: str) -> Iterator[None]:
    """Turn an OSError into an InputError: `what`, the disk and the reason, and `remedy`, which is a sentence."""
    try:
        yield
    except OSError as error:
        reason = shortened(error.strerror or "unknown error", 80)
        raise InputError(f"{what} the server's disk ({reason}). {remedy}") from error


def of_visit() -> dict[str, VisitingGuest]:
    """Return this session's guests of the visit by name. A model of the same name that is stored here hides a guest."""
    guests: dict[str, VisitingGuest] = st.session_state.get(keys.GUESTS_OF_VISIT, {})
    if not guests:
        return {}
    taken = {*model_names(), *guest_names()}
    return {name: guest for name, guest in guests.items() if name not in taken}


def find(name: str) -> VisitingGuest | None:
    """Return the guest of the visit with this name; None if there is none, or if a stored model has this name."""
    return of_visit().get(name)


def free_name(file: GuestFile) -> str:
    """Return a name for a file that no model or guest has: that of the file, with a number if it is taken."""
    suggested = suggested_name(file)
    numbered = (f"{suggested[: LONGEST_NAME - 3]}-{number}" for number in range(2, 100))
    return next((name for name in (suggested, *numbered) if _is_free(name)), suggested)


def _is_free(name: str) -> bool:
    try:
        _check_free(name)
    except InputError:
        return False
    return True


def read(
    file: GuestFile, name: str, options: GuestOptions, on_progress: StageProgress
) -> tuple[Guest, Proposal | None]:
    """Read and check a file, one at a time on this server.

    Raises InputError as `adding.read_guest`, and for a model if this server takes only predictions.
    """
    _check_free(name)
    if switches.predictions_only() and file.ending not in TABLE_ENDINGS:
        raise InputError(
            "This server takes predictions, but no models. Upload the model's predictions for the test images as CSV "
            "or parquet."
        )
    with _reading:
        return adding.read_guest(file, name, options, on_progress)


def keep(guest: Guest) -> None:
    """Write a guest to models/guests/. Raises InputError if the name is taken by now, and if it cannot be written."""
    name = guest.card.name
    with _writing:
        _check_free(name)
        with _disk_errors(f"{name} could not be written to", "Nothing was added. Make room there, and try again."):
            store.write_guest(guest.card, guest.files, guest.predictions)


def keep_for_visit(guest: Guest) -> None:
    """Put a guest into the session state. Raises InputError if the name is taken, or if there are too many."""
    name = guest.card.name
    _check_free(name)
    guests = dict(st.session_state.get(keys.GUESTS_OF_VISIT, {}))
    files = [
        len(content) for each in (guest, *(other.guest for other in guests.values())) for content in each.files.values()
    ]
    if len(guests) >= MOST_OF_VISIT or sum(files) > MOST_BYTES_OF_VISIT:
        raise InputError(
            f"A visitor can add {MOST_OF_VISIT} models, with files of {MOST_BYTES_OF_VISIT // 1_000_000} MB in all. "
            "Remove one of yours first."
        )
    st.session_state[keys.GUESTS_OF_VISIT] = {**guests, name: VisitingGuest(guest, ("of this visit", _digest(guest)))}


def _check_free(name: str) -> None:
    """Raise InputError as `check_name`, and if the visit has a guest of this name, in upper or lower case."""
    check_name(name)
    if name.lower() in map(str.lower, st.session_state.get(keys.GUESTS_OF_VISIT, {})):
        raise InputError(f"{shortened(name)} is the name of a model that you have added. Choose another name.")


def _digest(guest: Guest) -> str:
    digest = hashlib.sha256(repr(guest.card).encode())
    digest.update(guest.predictions.to_csv(index=False).encode())
    for name in sorted(guest.files):
        digest.update(hashlib.sha256(guest.files[name]).digest())
    return digest.hexdigest()


def remove(name: str) -> None:
    """Remove a guest of this visit, or a kept one. Raises InputError if it cannot be removed, or is gone already."""
    if find(name):
        guests = st.session_state[keys.GUESTS_OF_VISIT]
        st.session_state[keys.GUESTS_OF_VISIT] = {key: guest for key, guest in guests.items() if key != name}
        return
    if switches.read_only():
        raise InputError(f"{shortened(name)} cannot be removed in a shared deployment. Ask its operator to do so.")
    with _disk_errors(f"{shortened(name)} could not be removed from", "Try again, or delete its folder there."):
        store.remove_guest(name)
