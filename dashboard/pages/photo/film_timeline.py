"""The timeline of one face. A click on it moves the player."""

import functools
from collections.abc import Sequence

import streamlit as st

from core import paths
from dashboard import keys
from dashboard.components import displays, layout
from dashboard.films.job import FilmJob
from dashboard.films.results import FILM, FilmResult
from dashboard.pages.photo import film_words
from dashboard.plain_text import escape_markdown, one_line

LEAD = "The probabilities of one face over time."
CLICK = " Click on the timeline to move the player there."


@functools.cache
def _script() -> str:
    """Return the script that connects the player and the timeline. It contains no text of a film or a visitor."""
    code = (paths.ROOT / "dashboard" / "assets" / "film_player.js").read_text(encoding="utf-8")
    return f"<script>{code}</script>"


def show(job: FilmJob, result: FilmResult) -> None:
    """Show the timeline of a face. If there are several faces or models, let the visitor choose."""
    from dashboard.charts.timelines import face_timeline

    has_player = result.file(FILM) is not None
    layout.subheader("Timeline", LEAD + (CLICK if has_player else ""))
    faces = film_words.main_faces(result)
    # With one face, there is nothing to choose, and the first column would be empty.
    columns = st.columns(2) if len(faces) > 1 else [st.container()] * 2
    with columns[0]:
        face = _choose_face(job, result, faces)
    with columns[1]:
        model = _choose_model(job, result)
    with st.container(key="film-timeline"):
        alt = f"Probabilities of {one_line(model)} for face {face} over the time of the film"
        key = keys.per_item("film-chart", f"{job.key}-{face}-{model}")
        displays.show(face_timeline(result.table, face, model, _span_s(job, result)), alt=alt, key=key)
    if has_player:
        st.html(_script(), unsafe_allow_javascript=True)


def _span_s(job: FilmJob, result: FilmResult) -> tuple[float, float] | None:
    """Return the part of the film that was read, in seconds; None if the film does not say how long it is."""
    seconds = result.summary["seconds"]
    if seconds is None:
        return None
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
