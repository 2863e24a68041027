"""The timelines of the faces. A click on one moves the player."""

import functools
from collections.abc import Sequence

import streamlit as st

from core import paths
from core.video.files.endings import FILM
from dashboard import keys
from dashboard.components import displays, layout
from dashboard.films.job import FilmJob
from dashboard.films.results import FilmResult
from dashboard.pages.photo import film_words
from dashboard.plain_text import escape_markdown

LEAD = "The probabilities of a face over time, and its label as a band, pale and hatched where it is uncertain."
CLICK = "Click on a timeline to move the player there."


@functools.cache
def _script() -> str:
    """Return the script that connects the player and the timeline. It contains no text of a film or a visitor."""
    code = (paths.ROOT / "dashboard" / "assets" / "film_player.js").read_text(encoding="utf-8")
    return f"<script>{code}</script>"


def show(job: FilmJob, result: FilmResult) -> None:
    """Show the timelines of all faces and of one face. If there are several models, let the visitor choose."""
    faces = film_words.main_faces(result)
    has_player = result.file(FILM) is not None
    layout.subheader("Timelines" if len(faces) > 1 else "Timeline", f"{LEAD} {CLICK}" if has_player else LEAD)
    model = _choose_model(job, result)
    if len(faces) > 1:
        _show_all_faces(job, result, faces, model)
    _show_face(job, result, _choose_face(job, result, faces), model)
    if has_player:
        st.html(_script(), unsafe_allow_javascript=True)


def _show_all_faces(job: FilmJob, result: FilmResult, faces: Sequence[int], model: str) -> None:
    from dashboard.charts.timelines import faces_timeline

    with st.container(key="film-timeline-faces"):
        figure = faces_timeline(result.table, faces, model, _span_s(job, result))
        alt = film_words.faces_description(result, faces, model)
        displays.show(figure, alt=alt, key=keys.per_item("film-faces", f"{job.key}-{model}"))


def _show_face(job: FilmJob, result: FilmResult, face: int, model: str) -> None:
    from dashboard.charts.timelines import face_timeline

    with st.container(key="film-timeline-face"):
        figure = face_timeline(result.table, face, model, _span_s(job, result))
        alt = film_words.face_description(result, face, model)
        displays.show(figure, alt=alt, key=keys.per_item("film-chart", f"{job.key}-{face}-{model}"))


def _span_s(job: FilmJob, result: FilmResult) -> tuple[float, float]:
    """Return the start and the end of the part of the film that was read, in seconds."""
    seconds = result.summary["seconds"]
    return 0.0, min(seconds, job.request.end_s or seconds)


def _choose_face(job: FilmJob, result: FilmResult, faces: Sequence[int]) -> int:
    if len(faces) == 1:
        return faces[0]
    first = faces.index(film_words.longest_face(result))
    key = keys.per_item(keys.FILM_FACE, job.key)
    return st.selectbox("Face", faces, first, key=key, format_func=lambda face: f"Face {face}")


def _choose_model(job: FilmJob, result: FilmResult) -> str:
    models = result.models
    if len(models) == 1:
        return models[0]
    key = keys.per_item(keys.FILM_MODEL, job.key)
    chosen = st.segmented_control(
        "Model", models, default=models[0], required=True, key=key, format_func=escape_markdown
    )
    return chosen or models[0]
