"""The near copies of the data set in use, and the search for them, which all sessions share.

The search runs in a thread of its own: it goes on if the visitor who has started it leaves the page.
"""

import pandas as pd
import streamlit as st

from core.data.near_copies import Found, load_pairs, near_ids, pair_files, search_pairs
from core.data.store import current_import
from dashboard.jobs import LatestJob
from dashboard.resources.stamps import Stamp, data_stamp, file_stamps


@st.cache_resource(show_spinner=False)
def _latest() -> LatestJob[Found]:
    return LatestJob("near copies")


def pairs() -> pd.DataFrame | None:
    """Return the near copies of the data set in use (shared table); None if they are not known yet, see `start`.

    See `core.data.near_copies.load_pairs` for the columns. Raises InputError if FERscope's own table is damaged.
    """
    stored = _pairs((*data_stamp(), *file_stamps(pair_files())))
    job = _latest().find(data_stamp())
    if stored is None and job and job.result:  # they could not be kept on the disk
        return job.result.pairs
    return stored


@st.cache_resource(max_entries=2, show_spinner=False)
def _pairs(stamp: Stamp) -> pd.DataFrame | None:
    return load_pairs()


def ids() -> set[str] | None:
    """Return the ids of the test images with a near or exact copy in Training; None if they are not known yet."""
    known = pairs()
    return None if known is None else near_ids(known)


def start() -> None:
    """Start the search in the images of the data set in use, unless near copies are known or a session is searching.

    Nothing happens if no images are imported.
    """
    data = current_import()
    if data is not None and pairs() is None:
        _latest().find_or_start(data_stamp(), lambda job: search_pairs(data, job.report))


def stop() -> None:
    """Stop the search, if there is one, after its step of 256 images. The next one goes on from there."""
    if job := _latest().find(data_stamp()):
        job.stop()


def progress() -> tuple[int, int] | None:
    """Return the numbers of compared test images and of all while a session searches; None at other times.

    Both are 0 before the first images are compared.
    """
    job = _latest().find(data_stamp())
    return (job.done, job.total) if job and job.is_running else None


def error() -> Exception | None:
    """Return why the latest search has failed, if it has, for example an InputError."""
    job = _latest().find(data_stamp())
    return job.error if job else None


def note() -> str | None:
    """Return a sentence if the latest search could not keep its result on the disk."""
    job = _latest().find(data_stamp())
    return job.result.note if job and job.result else None
