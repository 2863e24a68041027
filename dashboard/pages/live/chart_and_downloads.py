"""The chart of the last 30 seconds, and the downloads of the session."""

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
from dashboard.plain_text import escape_markdown
from dashboard.streaming.processor import FrameProcessor

CHART_S = 30.0
"""Seconds shown in the chart."""

NO_FRAME = "There was no frame when this image was requested."

REFRESH_S = 2.0
"""Seconds between two updates of the chart while the camera runs; longer if many cameras run."""


def show_chart(camera_on: bool, session: LiveSession, models: list[str]) -> None:
    """Show one model's probabilities over the last 30 seconds. If there are several models, let the visitor choose."""
    model = models[0]
    if len(models) > 1:
        chosen = st.segmented_control(
            "Chart for", models, default=model, required=True, key=keys.CHART_MODEL, format_func=escape_markdown
        )
        model = chosen or model
    refresh_s = REFRESH_S * resources.streams.camera_queue().refresh_slowdown()
    draw = st.fragment(_draw_chart, run_every=refresh_s if camera_on else None)
    draw(session.log, model)


def _draw_chart(log: SessionLog, model: str) -> None:
    rows = log.recent_probabilities(model, CHART_S)
    if rows.empty:
        st.caption(
            "This chart shows the probabilities of the largest face over the last 30 seconds, once the camera runs."
        )
        return
    with st.container(key="live-course"):
        displays.show(
            chart.probability_lines(rows, CHART_S),
            alt=f"{model}: probabilities of the last 30 s",
            key=keys.LIVE_CHART,
        )


def show_downloads(processor: FrameProcessor | None, session: LiveSession) -> None:
    """Show the buttons that download the session as CSV and the newest frame as PNG."""
    # Each file is made when its button is pressed, so it is up to date.
    left, right = st.columns(2)
    with left:
        downloads.csv_button(session.log.table, "ferscope-session", "Session as CSV", width="stretch")
    with right:
        downloads.button(
            "Newest frame as PNG",
            lambda: newest_frame_png(processor),
            "ferscope-moment.png",
            "image/png",
            keys.FRAME_PNG,
            ":material/photo_camera:",
            disabled=processor is None,
            help="The newest frame with its boxes and all probabilities." if processor else "Press START.",
            width="stretch",
        )
    st.caption(
        f"The CSV has one row per frame, face and model, for the newest {FRAMES_KEPT:,} frames. "
        "The server stores nothing on disk."
    )


def newest_frame_png(processor: FrameProcessor | None) -> bytes:
    """Return the newest frame and its readings as PNG, or an image with the text `NO_FRAME` if there is no frame."""
    frame = processor.newest_frame() if processor else None
    return encode_png(
        draw_banner(np.zeros((480, 640, 3), np.uint8), NO_FRAME) if frame is None else frame_sheet(*frame)
    )
