"""The results of a film: the player, the timeline of a face, the strongest moments, the faces and the downloads."""

from functools import partial
from pathlib import PurePath

import streamlit as st

from core.video.files import endings
from dashboard import keys, resources
from dashboard.components import displays, downloads, layout
from dashboard.films.job import FilmJob
from dashboard.films.results import FilmResult
from dashboard.pages.photo import film_timeline, film_words
from dashboard.pages.photo.film_progress import shown_name
from dashboard.plain_text import escape_markdown, one_line

NO_FACE = (
    "**No face was found in this film.** Choose another detector above and read it again, or use a film with larger "
    "and better lit faces."
)

MOMENTS_LEAD = (
    "For each emotion, the moments at which {} was most sure of it, at least two seconds apart for the same face."
)

DOWNLOADS = (
    ("Table (CSV)", endings.CSV, "text/csv"),
    ("Table (parquet)", endings.PARQUET, "application/vnd.apache.parquet"),
    ("Annotated film (MP4)", endings.FILM, "video/mp4"),
    ("Timelines (PNG)", endings.TIMELINES, "image/png"),
    ("Strongest moments (PNG)", endings.MOMENTS, "image/png"),
    ("Summary (JSON)", endings.SUMMARY, "application/json"),
)
"""Label, ending of the file's name, and type of each download."""


def show() -> None:
    """Show the results of this session's film, if it has been read."""
    job = resources.films.current()
    if job is None or job.result is None:
        return
    result = job.result
    layout.subheader(shown_name(job))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _show_player(job, result)
    with right:
        _show_words(job, result)
        _show_downloads(job, result)
    if result.summary["faces"]:
        film_timeline.show(job, result)
        _show_moments(result)
        _show_faces(result)


def _show_player(job: FilmJob, result: FilmResult) -> None:
    if film := result.file(endings.FILM):
        name = one_line(job.request.name, 60)
        st.video(film, alt=f"{name} with boxes and labels at the {len(result.summary['faces'])} faces found in it")


def _show_words(job: FilmJob, result: FilmResult) -> None:
    if result.summary["faces"]:
        st.markdown(film_words.faces_sentence(result, result.models[0]))
    else:
        st.warning(NO_FACE, icon=":material/person_search:")
    st.caption(film_words.reading_sentence(result.summary))
    for note in film_words.notes(result, job.request.end_s):
        st.info(escape_markdown(note), icon=":material/info:")


def _show_downloads(job: FilmJob, result: FilmResult) -> None:
    stem = PurePath(job.request.name).stem
    with st.container(horizontal=True):
        for label, ending, mime in DOWNLOADS:
            if content := result.file(ending):
                key = keys.per_item("film-download", f"{job.key}{ending}")
                downloads.button(label, partial(bytes, content), f"{stem}{ending}", mime, key)
    st.button(
        "Clear these results",
        key=keys.CLEAR_FILM,
        type="tertiary",
        icon=":material/delete:",
        on_click=resources.films.forget,
    )


def _show_moments(result: FilmResult) -> None:
    if sheet := result.file(endings.MOMENTS):
        layout.subheader("Strongest moments", MOMENTS_LEAD.format(escape_markdown(result.models[0])))
        with st.container(key="film-moments"):
            st.image(sheet, width="stretch", alt="Thumbnails of the strongest moments, one row per emotion")


def _show_faces(result: FilmResult) -> None:
    layout.subheader("Faces")
    displays.text_table(film_words.faces_table(result))
    if more := film_words.faces_left_out(result):
        st.caption(f"{more} more faces, seen for a shorter time, are in the summary.")
