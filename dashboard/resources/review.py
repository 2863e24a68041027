"""Marks of images. They are stored for everybody, or kept for the visit where nothing can be stored.

A mark that another visitor or a command sets is there at the next run of the page.
"""

from dataclasses import astuple
from typing import NamedTuple

import streamlit as st

from core.exceptions import InputError
from core.review import database, store
from core.review.data_set import FER2013, true_labels
from core.review.marks import Mark, checked, in_order, now
from dashboard import keys, switches
from dashboard.resources import data
from dashboard.resources.stamps import Stamp, data_stamp, fingerprint

OF_VISIT = (
    "Nothing can be stored here, so your marks last as long as your visit, and nobody else sees them. "
    "Save them as CSV to keep them."
)
"""Said where marks are kept for the visit."""

Changes = dict[tuple[str, str, str], Mark | None]
"""Data set, image and kind -> the mark that was set in this visit; None if it was removed."""


class _Stored(NamedTuple):
    marks: tuple[Mark, ...]
    fault: str
    """Why they cannot be read; empty if they can."""


def is_stored() -> bool:
    """Return whether marks are stored for everybody. Otherwise they are kept for the visit."""
    return not switches.read_only() and database.can_write()


def notice() -> str | None:
    """Return a sentence about where marks are kept, if there is anything to say: nothing is stored, or it failed."""
    fault = _stored().fault
    return fault or (None if is_stored() else OF_VISIT) or next(iter(_notes()[-1:]), None)


def stamp() -> Stamp:
    """Return the stamp of the marks: it changes with every mark that anybody sets, changes or removes."""
    changes = ((key, astuple(mark) if mark else None) for key, mark in _changes().items())
    return data_set_name(), _version(), *changes


def marks() -> tuple[Mark, ...]:
    """Return the marks of the data set in use, the oldest first. They are none if they cannot be read; see `notice`."""
    data_set = data_set_name()
    stored = _stored().marks
    of_visit = {(image_id, kind): mark for (of, image_id, kind), mark in _changes().items() if of == data_set}
    if not of_visit:
        return stored
    both = {**{mark.key: mark for mark in stored}, **of_visit}
    return in_order(mark for mark in both.values() if mark)


def marks_of(image_id: str) -> tuple[Mark, ...]:
    """Return the marks of an image, the oldest first."""
    return tuple(mark for mark in marks() if mark.image_id == image_id)


def marked_ids() -> frozenset[str]:
    """Return the ids of all marked images of the data set in use."""
    return frozenset(mark.image_id for mark in marks())


def add(image_id: str, kind: str, label: str | None = None, note: str = "") -> None:
    """Mark an image. A mark of the same kind is replaced. Raises InputError with a sentence if that is not possible."""
    mark = checked(Mark(image_id, kind, label, note, now()), _true_labels(data_stamp()))
    if is_stored():
        store.add(data_set_name(), [mark], _notes().append)
    else:
        st.session_state[keys.MARKS_OF_VISIT] = _changes() | {(data_set_name(), image_id, kind): mark}


def remove(image_id: str, kind: str) -> None:
    """Remove a mark; nothing happens if it is gone already. Raises InputError if it cannot be removed."""
    if is_stored():
        store.remove(data_set_name(), image_id, kind, _notes().append)
    else:
        st.session_state[keys.MARKS_OF_VISIT] = _changes() | {(data_set_name(), image_id, kind): None}


def data_set_name() -> str:
    """Return the name of the data set in use in the list of marks."""
    return FER2013 if data.is_fer2013() else str(fingerprint())


def _stored() -> _Stored:
    try:
        return _Stored(_stored_marks(data_set_name(), store.version(_notes().append)), "")
    except InputError as error:
        return _Stored((), str(error))


@st.cache_resource(max_entries=4, show_spinner=False)
def _stored_marks(data_set: str, version: store.Version) -> tuple[Mark, ...]:
    return store.marks(data_set, _notes().append)


def _version() -> store.Version:
    """Return the version of the stored marks, or the reason why they cannot be read."""
    try:
        return store.version(_notes().append)
    except InputError as error:
        return ("unreadable", str(error))


@st.cache_resource(max_entries=2, show_spinner=False)
def _true_labels(stamp: Stamp) -> dict[str, str]:
    return true_labels()


@st.cache_resource(max_entries=1, show_spinner=False)
def _notes() -> list[str]:
    """Return what happened to the file since the server was started, for all visitors."""
    return []


def _changes() -> Changes:
    changes: Changes = st.session_state.get(keys.MARKS_OF_VISIT, {})
    return changes
