"""Faces like a given one, by an index that all sessions share.

The index is computed in a thread of its own: it goes on if the visitor who has asked for it leaves the page.
"""

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data.store import Import, current_import
from core.evaluation.neighbours import Index, Network, default_network, is_stored, load_index
from dashboard.jobs import Job, LatestJob
from dashboard.resources import models, recognition
from dashboard.resources.stamps import Stamp, data_stamp, model_stamp


@st.cache_resource(show_spinner=False)
def _latest() -> LatestJob[Index]:
    return LatestJob("similar faces")


def nearest(face: NDArray[np.uint8], k: int = 8, without: str | None = None) -> pd.DataFrame | None:
    """Return the images of the data set in use that are nearest to a face, (48, 48) uint8; see `Index.nearest`.

    The table has the columns image_id and distance. None if no images are imported. If the index is not ready, it is
    computed, which takes about a minute; see `start`. Raises InputError without a default network, and for damaged
    weights.
    """
    data = current_import()
    return None if data is None else _job(data).wait_for_result().nearest(face, k, without)


def is_ready() -> bool:
    """Return whether `nearest` answers at once. Raises InputError without a default network."""
    data = current_import()
    if data is None:
        return True
    job = _latest().find(_stamp())
    return not job.is_running and job.error is None if job else is_stored(data, _network())


def progress() -> tuple[int, int] | None:
    """Return the numbers of embedded images and of all while a session computes the index; None at other times.

    Both are 0 before the first images are embedded. Raises InputError without a default network.
    """
    job = _latest().find(_stamp())
    return (job.done, job.total) if job and job.is_running else None


def error() -> Exception | None:
    """Return why the latest computation of the index has failed, if it has, for example an InputError."""
    job = _latest().find(_stamp())
    return job.error if job else None


def start() -> None:
    """Start to compute the index, unless it exists or a session is computing it; see `progress`.

    Raises InputError without a default network, and for damaged weights.
    """
    if data := current_import():
        _job(data)


def _job(data: Import) -> Job[Index]:
    stamp, network = _stamp(), _network()
    job = _latest().find(stamp)
    if job and not job.error:
        return job
    if not is_stored(data, network):
        network.load()  # only the threads of sessions can use the app's caches
    return _latest().find_or_start(stamp, lambda job: load_index(data, network, job.report).index)


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
