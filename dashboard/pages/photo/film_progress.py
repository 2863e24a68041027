"""The place of a visitor's film in the queue, the progress of its reading, or why it has ended."""

import streamlit as st

from core.video.files.progress import FilmProgress
from core.video.times import clock
from dashboard import keys, resources
from dashboard.components import wording
from dashboard.films.job import FilmJob
from dashboard.films.run import LONGEST_NAME
from dashboard.plain_text import escape_markdown

REFRESH_S = 0.7
"""Seconds between two updates of the progress."""

STARTING = "{}: loading the models and opening the film ..."
CANCELLED = "The reading was cancelled, and the film was deleted from the server's disk."


def show(is_unfinished: bool) -> None:
    """Show the progress of this session's film, and update it until the film has been read.

    `is_unfinished` is what `film_form.show` has returned. The page runs again if this has changed since then.
    """
    job = resources.films.current()
    if job is None:
        return
    if is_unfinished:
        _follow(job)
    elif job.state == "cancelled":
        st.info(escape_markdown(job.error) if job.error else CANCELLED, icon=":material/cancel:")
    elif job.state == "failed":
        st.error(failure_text(job), icon=":material/error:")


@st.fragment(run_every=REFRESH_S)
def _follow(job: FilmJob) -> None:
    if not job.is_unfinished:
        st.rerun()
    with st.container(key="film-progress"):
        if before := resources.films.film_queue().films_before(job):
            st.info(waiting_text(before), icon=":material/hourglass:")
        else:
            _show_bar(shown_name(job), job.progress)
        if st.button("Cancel", key=keys.CANCEL_FILM, icon=":material/close:"):
            resources.films.film_queue().cancel(job)
            st.rerun()


def shown_name(job: FilmJob) -> str:
    """Return the name of the visitor's film as Markdown."""
    return escape_markdown(job.request.name, LONGEST_NAME)


def failure_text(job: FilmJob) -> str:
    """Return as Markdown why a film could not be read. The name of the film is in front unless it is mentioned."""
    error = escape_markdown(job.error)
    return error if shown_name(job) in error else f"{shown_name(job)}: {error}"


def _show_bar(name: str, progress: FilmProgress | None) -> None:
    if progress is None:
        st.progress(0.0, STARTING.format(name))
    else:
        st.progress(progress.share or 0.0, f"{name}: {progress_text(progress)}")


def waiting_text(before: int) -> str:
    """Return the place in the queue as sentences. `before` is the number of films before this one, at least 1."""
    films = "1 film is" if before == 1 else f"{before} films are"
    return (
        f"This server reads one film at a time, and {films} before yours. "
        "Yours begins by itself. Keep this page open; its tab may be in the background."
    )


def progress_text(progress: FilmProgress) -> str:
    """Return how far the reading has come: `0:12 of 1:00 · 43 frames/s · about 20 s left`."""
    length = "" if progress.total_s is None else f" of {clock(progress.total_s, 0)}"
    parts = [f"{clock(progress.done_s, 0)}{length}"]
    if progress.frames_per_s > 0:  # unknown at first
        parts.append(f"{progress.frames_per_s:.0f} frames/s")
    if progress.left_s is not None:
        parts.append(f"about {wording.duration(progress.left_s)} left")
    return " · ".join(parts)
