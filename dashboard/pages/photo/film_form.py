"""The form that takes a film, from a file or the example, and starts its reading."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.exceptions import InputError
from dashboard import faults, keys, resources
from dashboard.films.job import FilmRequest
from dashboard.films.limits import FILM_MB, FILM_TYPES, longest_minutes

EXAMPLE = "a-short-moving-astronaut.mp4"

EXAMPLE_CREDIT = (
    "No film at hand? The example is six seconds long: a camera moves over a portrait of the astronaut Eileen Collins. "
    "The photograph is by NASA and in the public domain; scikit-image provides it."
)


def place() -> DeltaGenerator:
    """Return the container of the form. It is folded if there are results, so that they are on the first screen."""
    job = resources.films.current()
    return st.container() if job is None or job.result is None else st.expander("Read another film")


def show(detector: str, models: Sequence[str]) -> bool:
    """Show the upload and the buttons that start the reading of a film.

    Return whether this session has a film that waits or is being read. The buttons are then disabled.
    """
    minutes = longest_minutes()
    upload = _upload(minutes)
    job = resources.films.current()
    busy = job is not None and job.is_unfinished
    with st.container(horizontal=True):
        read = st.button(
            "Read this film",
            key=keys.READ_FILM,
            type="primary",
            icon=":material/play_arrow:",
            disabled=busy or upload is None,
            help="Choose a film above first." if upload is None else None,
        )
        example = st.button("Read the example", key=keys.READ_EXAMPLE, icon=":material/rocket:", disabled=busy)
    if job is None and upload is None:
        st.caption(EXAMPLE_CREDIT)
    end_s = None if minutes is None else 60 * minutes
    if read and upload is not None:
        _start(_request_for_upload(upload, tuple(models), detector, end_s))
    elif example:
        _start(FilmRequest(EXAMPLE, _write_example, tuple(models), detector, end_s))
    return busy


def _upload(minutes: float | None) -> UploadedFile | None:
    limit = "" if minutes is None else f", of which the first {minutes:g} minutes are read"
    with st.container(key="film-drop-zone"):
        return st.file_uploader(
            f"A film of up to {FILM_MB} MB{limit}",
            type=list(FILM_TYPES),
            max_upload_size=FILM_MB,
            key=keys.FILM_UPLOAD,
        )


def _request_for_upload(
    upload: UploadedFile, models: tuple[str, ...], detector: str, end_s: float | None
) -> FilmRequest:
    def write(path: Path) -> None:
        path.write_bytes(upload.getbuffer())

    return FilmRequest(upload.name, write, models, detector, end_s)


def _write_example(path: Path) -> None:
    from core.video.files.example_film import write_example

    write_example(path)


def _start(request: FilmRequest) -> None:
    """Put the film into the queue, and run the page again to show it there."""
    try:
        resources.films.start(request)
    except InputError as error:
        faults.show_input_error(error)
        return
    st.rerun()
