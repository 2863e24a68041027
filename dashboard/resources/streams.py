"""The queue of visitors who want to use their webcam."""

import streamlit as st

from dashboard.streaming.camera_queue import CameraQueue, limit_from_environment


@st.cache_resource(show_spinner=False)
def camera_queue() -> CameraQueue:
    """Return the one queue of all sessions. It limits how many webcam streams this server reads at the same time."""
    return CameraQueue(limit_from_environment())
