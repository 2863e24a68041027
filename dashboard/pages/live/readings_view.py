"""The state of the stream and the readings of the newest frame, beside the video."""

import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st

from core.recognition.reading import Reading
from core.vision.crops import FACE_SIZE
from dashboard import keys, resources, visits
from dashboard.components import displays, face_cards, links
from dashboard.pages.live import state as live_state
from dashboard.pages.live.session import LiveSession
from dashboard.plain_text import escape_markdown
from dashboard.streaming import camera
from dashboard.streaming.processor import REFUSED, Snapshot

REFRESH_S = 0.5
"""Seconds between two updates of the readings; longer if many cameras run."""

HELP = (
    "**The camera does not start?**\n"
    "- *Access denied*: click the icon in the browser's address bar, allow the camera, and press START again.\n"
    "- *Requested device not found*: plug a camera in.\n"
    "- *Could not start video source*: close the other program that uses the camera.\n"
    "- *Media API not available*: browsers open a camera only on `localhost` or over HTTPS.\n"
    "- Connected, but no video: if browser and server are in different networks, the video needs a TURN server, "
    "which relays it. docs/deployment.md explains how to set one up."
)


def show_readings(context: camera.Context, session: LiveSession) -> None:
    """Show the state of the stream and the newest readings, and update them while the stream runs or connects."""
    active = context.state.playing or context.state.signalling
    refresh_s = REFRESH_S * resources.streams.camera_queue().refresh_slowdown()
    show = st.fragment(_show_newest, run_every=refresh_s if active else None)
    show(context, session)
    if not context.state.playing:
        st.markdown(HELP)
        links.page_link("photo", "Or take a single snapshot on the Photo & video page")


def _show_newest(context: camera.Context, session: LiveSession) -> None:
    processor = context.video_processor
    snapshot = processor.snapshot() if processor else Snapshot()
    state = live_state.describe(
        context.state,
        snapshot,
        processor.silence_s() if processor else None,
        _seconds_since_change(context.state),
        ran_before=visits.visit() == session.last_camera_visit,
    )
    if processor and processor.refused and context.state.playing:
        state = live_state.State("warning", REFUSED)
    with st.container(key=f"live-{state.kind}"):
        SHOW_MESSAGE[state.kind](escape_markdown(state.message))
        for hint in live_state.hints(snapshot) if state.kind == "reading" else ():
            st.caption(hint)
        if state.kind == "reading":
            _show_faces(snapshot)
    if snapshot.frames:
        st.container(key="live-figures").caption(escape_markdown(live_state.stream_statistics(snapshot)))


def _seconds_since_change(connection: camera.Connection) -> float:
    """Return the seconds since the page last saw the connection change its state."""
    previous, since_s = st.session_state.get(keys.CONNECTION, (None, 0.0))
    if previous != connection:
        since_s = time.monotonic()
        st.session_state[keys.CONNECTION] = connection, since_s
    return float(time.monotonic() - since_s)


SHOW_MESSAGE: dict[str, Callable[[str], object]] = {
    "info": partial(st.info, icon=":material/videocam:"),
    "warning": partial(st.warning, icon=":material/warning:"),
    "error": partial(st.error, icon=":material/error:"),
    "reading": partial(st.subheader, anchor=False),
}
"""Kind of a `State` -> function that shows its message."""


def _show_faces(snapshot: Snapshot) -> None:
    displays.face_grid(cards_of_faces(snapshot.readings, snapshot.crops), card_width=260)


def cards_of_faces(readings: Sequence[Reading], crops: Sequence[bytes]) -> list[face_cards.FaceCard]:
    """Return one card per face, in the order of the readings, with its crop and the probabilities of every model."""
    return [
        face_cards.FaceCard(
            title=f"Face {reading.number}",
            notes=(
                *face_cards.prediction_notes(reading),
                f"{reading.face.size_wh[0]} pixels wide; the models see this 48×48 crop",
            ),
            image_url=face_cards.data_url(np.frombuffer(crop, np.uint8).reshape(FACE_SIZE, FACE_SIZE)),
            bars=reading.probabilities,
            labels={model: reading.label(model) for model in reading.probabilities},
            alt=f"face {reading.number} as the models see it",
        )
        for reading, crop in zip(readings, crops, strict=True)
    ]
