"""The course of the session on the Live page, and what can be kept of it."""

import numpy as np
import streamlit as st

from core.recognition.drawing import draw_banner
from core.video.session_log import FRAMES_KEPT, SessionLog
from core.video.sheets import moment_sheet
from core.vision.images import encode_png
from dashboard import keys, resources
from dashboard.components import displays, downloads
from dashboard.pages.live import chart
from dashboard.pages.live.session import LiveSession
from dashboard.streaming.processor import FrameProcessor

COURSE_S = 30.0
"""The chart's span."""

NO_FRAME = "There was no frame when this picture was asked for."

RENEW_S = 2.0
"""The chart is drawn again this often while the camera runs; less often where many do."""


def show_course(playing: bool, session: LiveSession, models: list[str]) -> None:
    """The probabilities of the last 30 seconds, one model at a time."""
    model = models[0]
    if len(models) > 1:
        model = st.segmented_control("Course of", models, default=model, required=True, key=keys.COURSE_MODEL) or model
    renew_s = RENEW_S * resources.streams.camera_queue().crowding()
    renew = st.fragment(_draw_course, run_every=renew_s if playing else None)
    renew(session.log, model)


def _draw_course(log: SessionLog, model: str) -> None:
    rows = log.course(model, COURSE_S)
    if rows.empty:
        st.caption("The last 30 seconds of the largest face's probabilities are drawn here once the camera runs.")
        return
    with st.container(key="live-course"):
        displays.show(
            chart.course(rows, COURSE_S), alt=f"{model}: probabilities of the last 30 s", key=keys.COURSE_CHART
        )


def show_downloads(processor: FrameProcessor | None, session: LiveSession) -> None:
    """The session as a table, and a picture of this moment."""
    # Made when the button is pressed: no rerun, and the newest frame.
    left, right = st.columns(2)
    with left:
        downloads.csv_button(session.log.table, "ferscope-session", "Session as CSV", width="stretch")
    with right:
        downloads.button(
            "Picture of this moment",
            lambda: moment_png(processor),
            "ferscope-moment.png",
            "image/png",
            keys.MOMENT_PNG,
            ":material/photo_camera:",
            disabled=processor is None,
            help="The newest frame with its boxes, and every model's probabilities." if processor else "Press START.",
            width="stretch",
        )
    st.caption(
        f"One row per frame, face and model, for the newest {FRAMES_KEPT:,} frames. Nothing is kept on the server."
    )


def moment_png(processor: FrameProcessor | None) -> bytes:
    """The newest frame and its readings as a PNG; without a frame one that says so."""
    picture = processor.picture() if processor else None
    return encode_png(
        draw_banner(np.zeros((480, 640, 3), np.uint8), NO_FRAME) if picture is None else moment_sheet(*picture)
    )
