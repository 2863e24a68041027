"""The queue for cameras on this server."""

import streamlit as st

from dashboard.streaming.camera_queue import CameraQueue, limit_from_environment


@st.cache_resource(show_spinner=False)
def camera_queue() -> CameraQueue:
    """Return the queue, one for all sessions. It limits how many cameras run at the same time."""
    return CameraQueue(limit_from_environment())
