"""Faces like a given one, by an index that all sessions share.

The index is computed in a thread of its own: it goes on if the visitor who has asked for it leaves the page.
"""

import logging
import threading
from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.callbacks import Progress
from core.data.store import Import, current_import
from core.evaluation.neighbours import Index, Network, default_network, is_stored, load_index
from dashboard.resources import models, recognition
from dashboard.resources.stamps import Stamp, data_stamp, model_stamp

logger = logging.getLogger(__name__)


class IndexJob:
    """The index of one data set by one network, which a thread loads or computes."""

    def __init__(self, stamp: Stamp, load: Callable[[Progress], Index]) -> None:
        self.stamp = stamp
        self.done, self.total = 0, 0
        """Numbers of embedded images and of all; 0 and 0 before the first are embedded."""
        self._load = load
        self.error: Exception | None = None
        self._index: Index | None = None
        self._thread = threading.Thread(target=self._run, name="similar faces", daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def wait(self) -> Index:
        """Return the index when it is finished. Raises the error of the thread, such as an InputError."""
        self._thread.join()
        if self._index is None:
            raise self.error or RuntimeError("the thread has ended without a result")
        return self._index

    def _run(self) -> None:
        try:
            self._index = self._load(self._report)
        except Exception as error:  # raised again in the thread of whoever waits
            logger.exception("The index of similar faces could not be computed.")
            self.error = error

    def _report(self, done: int, total: int) -> None:
        self.done, self.total = done, total


class IndexJobs:
    """The latest job; there is one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: IndexJob | None = None

    def find(self, stamp: Stamp) -> IndexJob | None:
        """Return the job with this stamp; None if there is none."""
        job = self._latest
        return job if job and job.stamp == stamp else None

    def find_or_start(self, stamp: Stamp, load: Callable[[Progress], Index]) -> IndexJob:
        """Return the job with this stamp; start it if there is none, or if it has failed."""
        with self._lock:
            job = self.find(stamp)
            if job is None or job.error:
                job = self._latest = IndexJob(stamp, load)
            return job


@st.cache_resource(show_spinner=False)
def _jobs() -> IndexJobs:
    return IndexJobs()


def nearest(face: NDArray[np.uint8], k: int = 8, without: str | None = None) -> pd.DataFrame | None:
    """Return the images of the data set in use that are nearest to a face, (48, 48) uint8; see `Index.nearest`.

    The table has the columns image_id and distance. None if no images are imported. If the index is not ready, it is
    computed, which takes about a minute; see `start`. Raises InputError without a default network, and for damaged
    weights.
    """
    data = current_import()
    return None if data is None else _job(data).wait().nearest(face, k, without)


def is_ready() -> bool:
    """Return whether `nearest` answers at once. Raises InputError without a default network."""
    data = current_import()
    if data is None:
        return True
    job = _jobs().find(_stamp())
    return not job.is_running and job.error is None if job else is_stored(data, _network())


def progress() -> tuple[int, int] | None:
    """Return the numbers of embedded images and of all while a session computes the index; None at other times.

    Both are 0 before the first images are embedded. Raises InputError without a default network.
    """
    job = _jobs().find(_stamp())
    return (job.done, job.total) if job and job.is_running else None


def error() -> Exception | None:
    """Return why the latest computation of the index has failed, if it has, for example an InputError."""
    job = _jobs().find(_stamp())
    return job.error if job else None


def start() -> None:
    """Start to compute the index, unless it exists or a session is computing it; see `progress`.

    Raises InputError without a default network, and for damaged weights.
    """
    if data := current_import():
        _job(data)


def _job(data: Import) -> IndexJob:
    stamp, network = _stamp(), _network()
    job = _jobs().find(stamp)
    if job and not job.error:
        return job
    if not is_stored(data, network):
        network.load()  # only the threads of sessions can use the app's caches
    return _jobs().find_or_start(stamp, lambda report: load_index(data, network, report).index)


def _network() -> Network:
    """Return the default network, which is loaded once. Raises InputError if there is none."""
    card = default_network(models.cards())
    loaded: list[object] = []

    def load() -> object:
        if not loaded:
            loaded.append(recognition.classifier(card.name).classifier)
        return loaded[0]

    return Network(card.name, card.weights_sha256, load)


def _stamp() -> Stamp:
    return data_stamp() + model_stamp(default_network(models.cards()).name)
