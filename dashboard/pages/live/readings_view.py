"""The state of the stream and the readings of the newest frame, beside the video. The panel has a fixed height."""

import time
from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.recognition.reading import Reading
from core.vision.crops import FACE_SIZE
from core.vision.images import data_url
from dashboard import keys, resources, visits
from dashboard.components import face_cards, links
from dashboard.pages.live import state as live_state
from dashboard.pages.live.session import LiveSession
from dashboard.plain_text import escape_html
from dashboard.streaming import camera
from dashboard.streaming.processor import REFUSED, Snapshot

REFRESH_S = 0.5
"""Seconds between two updates of the readings; longer if many cameras run."""

HELP = (
    "- *Access denied*: click the icon in the browser's address bar, allow the camera, and press START again.\n"
    "- *Requested device not found*: plug a camera in.\n"
    "- *Could not start video source*: close the other program that uses the camera.\n"
    "- *Media API not available*: browsers open a camera only on `localhost` or over HTTPS.\n"
    "- Connected, but no video: if browser and server are in different networks, the video needs a TURN server, "
    "which relays it. docs/deployment.md explains how to set one up."
)


def show_readings(context: camera.Context, session: LiveSession, show_faces: bool) -> None:
    """Show the state of the stream and, if `show_faces`, the faces. Update them while the stream runs or connects."""
    active = context.state.playing or context.state.signalling
    refresh_s = REFRESH_S * resources.streams.camera_queue().refresh_slowdown()
    show = st.fragment(_show_newest, run_every=refresh_s if active else None)
    show(context, session, show_faces)
    if not context.state.playing:
        _show_help(expanded=_end(session) in ("lost", "no video"))


def _show_help(expanded: bool) -> None:
    with st.expander("The camera does not start?", expanded):
        st.markdown(HELP)
        links.page_link("photo", "Or take a single snapshot on the Photo & video page")


def _end(session: LiveSession) -> live_state.End | None:
    """Return how the latest stream of this visit ended, or None if there was none."""
    if session.last_stream_visit != visits.visit():
        return None
    return live_state.kind_of_end(session.silence_at_end_s)


def _show_newest(context: camera.Context, session: LiveSession, show_faces: bool) -> None:
    processor = context.video_processor
    snapshot = processor.snapshot() if processor else Snapshot()
    state = live_state.describe(
        context.state,
        snapshot,
        processor.silence_s() if processor else None,
        _seconds_since_change(context.state),
        _end(session),
    )
    if processor and processor.refused and context.state.playing:
        state = live_state.State("warning", REFUSED)
    has_readings = state.kind == "reading"
    faces = cards_of_faces(snapshot.readings, snapshot.crops) if has_readings and show_faces else []
    hints = live_state.hints(snapshot) if has_readings else []
    with st.container(key=f"live-{state.kind}", gap=None):
        st.html(state_html(state, hints) + (faces_html(faces) if context.state.playing and show_faces else ""))
    if snapshot.frames:
        statistics = escape_html(live_state.stream_statistics(snapshot))
        st.container(key="live-figures").html(f'<p class="ferscope-live-figures">{statistics}</p>')


def _seconds_since_change(connection: camera.Connection) -> float:
    """Return the seconds since the page last saw the connection change its state."""
    previous, since_s = st.session_state.get(keys.CONNECTION, (None, 0.0))
    if previous != connection:
        since_s = time.monotonic()
        st.session_state[keys.CONNECTION] = connection, since_s
    return float(time.monotonic() - since_s)


def state_html(state: live_state.State, hints: Sequence[str]) -> str:
    """Return the state as HTML: labels large under a caption, other messages as plain text."""
    caption, _, labels = state.message.partition(": ") if state.kind == "reading" else ("", "", "")
    text = f"<span>{escape_html(caption)}</span><strong>{escape_html(labels)}</strong>" if labels else ""
    text += "".join(f"<p>{escape_html(line)}</p>" for line in ([] if labels else [state.message]) + list(hints))
    # tabindex: keyboard users can scroll the box only if it can be focused
    return f'<div class="ferscope-live-state ferscope-live-state-{state.kind}" tabindex="0">{text}</div>'


def faces_html(cards: Sequence[face_cards.FaceCard]) -> str:
    """Return the cards in a box of fixed height, in which several faces scroll."""
    return f'<div class="ferscope-live-faces" tabindex="0">{face_cards.grid_html(cards, 250)}</div>'


def cards_of_faces(readings: Sequence[Reading], crops: Sequence[bytes]) -> list[face_cards.FaceCard]:
    """Return one card per face, in the order of the readings, with its crop and the probabilities of every model."""
    return [
        face_cards.FaceCard(
            title=f"Face {reading.number}",
            notes=(*face_cards.prediction_notes(reading), f"{reading.face.size_wh[0]} pixels wide"),
            image_url=data_url(np.frombuffer(crop, np.uint8).reshape(FACE_SIZE, FACE_SIZE)),
            bars=reading.probabilities,
            labels={model: reading.label(model) for model in reading.probabilities},
            alt=f"face {reading.number} as the models see it, 48 by 48 pixels",
        )
        for reading, crop in zip(readings, crops, strict=True)
    ]
