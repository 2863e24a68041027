"""The chart of the last 30 seconds, and the downloads of the session."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import streamlit as st

from core.recognition.drawing import draw_banner
from core.video.session_log import FRAMES_KEPT, SessionLog
from core.video.sheets import frame_sheet
from core.vision.images import encode_png
from dashboard import keys, resources
from dashboard.components import displays, downloads
from dashboard.pages.live import chart
from dashboard.pages.live.session import LiveSession
from dashboard.plain_text import escape_markdown, one_line
from dashboard.streaming.processor import FrameProcessor

Option = TypeVar("Option", str, int)

CHART_S = 30.0
"""Seconds shown in the chart."""

NO_FRAME = "There was no frame when this image was requested."

REFRESH_S = 2.0
"""Seconds between two updates of the chart while the camera runs; longer if many cameras run."""


def show_chart(camera_on: bool, session: LiveSession, models: list[str]) -> None:
    """Show one model's probabilities for one face over the last 30 seconds. Let the visitor choose among several."""
    refresh_s = REFRESH_S * resources.streams.camera_queue().refresh_slowdown()
    draw = st.fragment(_draw_chart, run_every=refresh_s if camera_on else None)
    draw(session.log, models)


def _draw_chart(log: SessionLog, models: list[str]) -> None:
    faces = log.recent_faces(CHART_S)
    if not faces:
        st.caption("A chart shows the probabilities of each face over the last 30 seconds, once the camera runs.")
        return
    with st.container(horizontal=True):
        model = _choose("Model in the chart", models, keys.CHART_MODEL, escape_markdown)
        face = _choose("Face in the chart", faces, keys.CHART_FACE, "Face {}".format)
    rows = log.recent_probabilities(model, CHART_S, face)
    name = f"{one_line(model, 18)}, face {face}"
    with st.container(key="live-course"):
        displays.show(
            chart.probability_lines(rows, CHART_S, f"Probability, {name}, {CHART_S:.0f} s"),
            alt=f"{name}: {chart.finding(rows)} in the last {CHART_S:.0f} seconds",
            key=keys.LIVE_CHART,
        )


def _choose(label: str, options: Sequence[Option], key: str, format_func: Callable[[Option], str]) -> Option:
    """Let the visitor choose one of the options, by default the first; a single option has no widget."""
    if len(options) == 1:
        return options[0]
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    chosen = st.segmented_control(label, options, required=True, key=key, format_func=format_func)
    return options[0] if chosen is None else chosen


def show_downloads(processor: FrameProcessor | None, session: LiveSession) -> None:
    """Show the buttons that download the session as CSV and the newest frame as PNG."""
    # Each file is made when its button is pressed, so it is up to date.
    with st.container(horizontal=True):
        downloads.csv_button(
            session.log.table,
            "ferscope-session",
            "Session as CSV",
            help=f"One row per frame, face and model, for the newest {FRAMES_KEPT:,} frames. "
            "The server stores nothing on disk.",
        )
        downloads.button(
            "Newest frame as PNG",
            lambda: newest_frame_png(processor),
            "ferscope-moment.png",
            "image/png",
            keys.FRAME_PNG,
            ":material/photo_camera:",
            disabled=processor is None,
            help="The newest frame with its boxes and all probabilities." if processor else "Press START.",
        )


def newest_frame_png(processor: FrameProcessor | None) -> bytes:
    """Return the newest frame and its readings as PNG, or an image with the text `NO_FRAME` if there is no frame."""
    frame = processor.newest_frame() if processor else None
    return encode_png(
        draw_banner(np.zeros((480, 640, 3), np.uint8), NO_FRAME) if frame is None else frame_sheet(*frame)
    )
