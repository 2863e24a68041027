"""The places for cameras on this server."""

import streamlit as st

from dashboard.streaming.camera_queue import CameraQueue, limit_from_environment


@st.cache_resource(show_spinner=False)
def camera_queue() -> CameraQueue:
    """One object for all sessions."""
    return CameraQueue(limit_from_environment())
