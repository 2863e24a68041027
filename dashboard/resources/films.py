"""The queue of films that this server reads, and the film of a visitor."""

import atexit
from collections.abc import Callable
from typing import NamedTuple

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import keys, visits
from dashboard.films.job import FilmJob, FilmRequest
from dashboard.films.queue import FilmQueue

LEFT = "The reading ended because you left the page, and the film was deleted from the server's disk. Start it again."


class VisitorsFilm(NamedTuple):
    """A film in the session state, with the visit to the page in which it was started."""

    job: FilmJob
    visit: int


@st.cache_resource(show_spinner=False)
def film_queue() -> FilmQueue:
    """Return the one queue of all sessions. When the server ends, all films end."""
    queue = FilmQueue()
    atexit.register(queue.close)
    return queue


def start(request: FilmRequest) -> None:
    """Put a film of this session into the queue, in place of an earlier one. Raises InputError if the queue is full."""
    forget()
    job = film_queue().submit(request, presence())
    st.session_state[keys.FILM] = VisitorsFilm(job, visits.visit())


def current() -> FilmJob | None:
    """Return this session's film; None if there is none."""
    film = st.session_state.get(keys.FILM)
    return film.job if film else None


def forget() -> None:
    """End this session's film and forget its results."""
    film = st.session_state.pop(keys.FILM, None)
    if film is not None:
        film_queue().cancel(film.job)


def end_film_of_earlier_visit() -> None:
    """End this session's film if the visitor left the page before it was read. Finished results stay.

    `streamlit_app.py` calls this in each full run.
    """
    film = st.session_state.get(keys.FILM)
    if film is not None and film.visit != visits.visit():
        film_queue().cancel(film.job, LEFT)


def presence() -> Callable[[], bool]:
    """Return a function that tells whether this session's browser is connected. Any thread can call it.

    A hidden tab stays connected, although browsers slow down its timers.
    """
    context = get_script_run_ctx()
    session = context.session_id if context else ""
    return lambda: runtime.exists() and runtime.get_instance().is_active_session(session)
