"""What the stream has to tell, beside the video."""

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
from dashboard.streaming import camera
from dashboard.streaming.processor import REFUSED, Snapshot

REFRESH_S = 0.5
"""The readings beside the video are renewed this often; less often where many cameras run."""


HELP = (
    "**The camera does not start?**\n"
    "- *Access denied*: allow the camera by the icon in the browser's address bar, then press START again.\n"
    "- *Requested device not found*: plug a camera in.\n"
    "- *Could not start video source*: close the other program that uses the camera.\n"
    "- *Media API not available*: browsers open a camera only on `localhost` or over HTTPS.\n"
    "- It connects and no picture comes: between two networks, the video needs a TURN server "
    "(docs/deployment.md says how to set one up)."
)


def show_readings(context: camera.Context, session: LiveSession) -> None:
    """What the stream has to tell, renewed by itself while it runs or connects."""
    busy = context.state.playing or context.state.signalling
    refresh_s = REFRESH_S * resources.streams.camera_queue().crowding()
    renew = st.fragment(_show_newest, run_every=refresh_s if busy else None)
    renew(context, session)
    if not context.state.playing:
        st.markdown(HELP)
        links.page_link("photo", "Or take a single snapshot on the Photo page")


def _show_newest(context: camera.Context, session: LiveSession) -> None:
    processor = context.video_processor
    snapshot = processor.snapshot() if processor else Snapshot()
    state = live_state.describe(
        context.state,
        snapshot,
        processor.silence_s() if processor else None,
        _lasting_s(context.state),
        ran_before=visits.visit() == session.ran_in_visit,
    )
    if processor and processor.refused and context.state.playing:
        state = live_state.State("warning", REFUSED)
    with st.container(key=f"live-{state.kind}"):
        MESSAGES[state.kind](state.sentence)
        for hint in live_state.hints(snapshot) if state.kind == "reading" else ():
            st.caption(hint)
        if state.kind == "reading":
            _show_faces(snapshot)
    if snapshot.frames:
        st.container(key="live-figures").caption(live_state.figures(snapshot))


def _lasting_s(connection: camera.Connection) -> float:
    """Seconds for which the connection has been what it is, as far as the page has seen."""
    before, since = st.session_state.get(keys.CONNECTION, (None, 0.0))
    if before != connection:
        since = time.monotonic()
        st.session_state[keys.CONNECTION] = connection, since
    return float(time.monotonic() - since)


MESSAGES: dict[str, Callable[[str], object]] = {
    "info": partial(st.info, icon=":material/videocam:"),
    "warning": partial(st.warning, icon=":material/warning:"),
    "error": partial(st.error, icon=":material/error:"),
    "reading": partial(st.subheader, anchor=False),
}


def _show_faces(snapshot: Snapshot) -> None:
    displays.face_grid(face_list(snapshot.readings, snapshot.crops), card_width=260)


def face_list(readings: Sequence[Reading], crops: Sequence[bytes]) -> list[face_cards.FaceCard]:
    """One card per face, largest first: the crop that the models saw, and every model's bars."""
    return [
        face_cards.FaceCard(
            title=f"Face {reading.number}",
            notes=(
                *face_cards.verdicts(reading),
                f"{reading.face.size_wh[0]} pixels wide; the models see this 48×48 crop of it",
            ),
            picture=face_cards.data_address(np.frombuffer(crop, np.uint8).reshape(FACE_SIZE, FACE_SIZE)),
            bars=reading.probabilities,
            labels={model: reading.label(model) for model in reading.probabilities},
            alt=f"face {reading.number} as the models see it",
        )
        for reading, crop in zip(readings, crops, strict=True)
    ]
