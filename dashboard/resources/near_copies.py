"""The near copies of the data set in use, and the search for them, which all sessions share.

The search runs in a thread of its own: it goes on if the visitor who has started it leaves the page.
"""

import logging
import threading

import pandas as pd
import streamlit as st

from core.data.near_copies import Found, load_pairs, near_ids, pair_files, search_pairs
from core.data.store import Import, current_import
from dashboard.resources.stamps import Stamp, data_stamp, file_stamps

logger = logging.getLogger(__name__)


class SearchJob:
    """The search in one data set, in a thread."""

    def __init__(self, stamp: Stamp, data: Import) -> None:
        self.stamp = stamp
        self.done, self.total = 0, 0
        """Numbers of compared test images and of all; 0 and 0 before the first are compared."""
        self.error: Exception | None = None
        self.found: Found | None = None
        self._data, self._stop = data, threading.Event()
        self._thread = threading.Thread(target=self._run, name="near copies", daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether the search goes on. A search that is to stop counts as ended, although it finishes its step."""
        return self._thread.is_alive() and not self._stop.is_set()

    def stop(self) -> None:
        """Let the search end after its step, which takes about a second. What it has found is kept for the next one."""
        self._stop.set()

    def join(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        try:
            self.found = search_pairs(self._data, self._report, self._stop.is_set)
        except Exception as error:  # shown to whoever looks at the page
            logger.exception("The search for near copies has failed.")
            self.error = error

    def _report(self, done: int, total: int) -> None:
        self.done, self.total = done, total


class SearchJobs:
    """The latest search; there is one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: SearchJob | None = None

    def find(self, stamp: Stamp) -> SearchJob | None:
        """Return the search with this stamp; None if there is none."""
        job = self._latest
        return job if job and job.stamp == stamp else None

    def find_or_start(self, stamp: Stamp, data: Import) -> SearchJob:
        """Return the search with this stamp; start one if there is none, or if it has failed or was stopped.

        A search in another data set, which was in use before, is stopped.
        """
        with self._lock:
            job = self.find(stamp)
            if job and (job.is_running or job.found):
                return job
            if self._latest:
                self._latest.stop()
                self._latest.join()  # two searches at once would take twice as long
            self._latest = SearchJob(stamp, data)
            return self._latest


@st.cache_resource(show_spinner=False)
def _jobs() -> SearchJobs:
    return SearchJobs()


def pairs() -> pd.DataFrame | None:
    """Return the near copies of the data set in use (shared table); None if they are not known yet, see `start`.

    See `core.data.near_copies.load_pairs` for the columns. Raises InputError if FERscope's own table is damaged.
    """
    stored = _pairs((*data_stamp(), *file_stamps(pair_files())))
    job = _jobs().find(data_stamp())
    if stored is None and job and job.found:  # they could not be kept on the disk
        return job.found.pairs
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
        _jobs().find_or_start(data_stamp(), data)


def stop() -> None:
    """Stop the search, if there is one. The next one goes on from there."""
    if job := _jobs().find(data_stamp()):
        job.stop()


def progress() -> tuple[int, int] | None:
    """Return the numbers of compared test images and of all while a session searches; None at other times.

    Both are 0 before the first images are compared.
    """
    job = _jobs().find(data_stamp())
    return (job.done, job.total) if job and job.is_running else None


def error() -> Exception | None:
    """Return why the latest search has failed, if it has, for example an InputError."""
    job = _jobs().find(data_stamp())
    return job.error if job else None


def note() -> str | None:
    """Return a sentence if the latest search could not keep its result on the disk."""
    job = _jobs().find(data_stamp())
    return job.found.note if job and job.found else None
