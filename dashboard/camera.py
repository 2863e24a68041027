"""The visitor's camera in the page, through streamlit-webrtc. The only file that sees that library."""

import json
import os
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit_webrtc import WebRtcStreamerContext, webrtc_streamer
from streamlit_webrtc.component import WebRtcStreamerState as Connection

from core.exceptions import InputError
from dashboard import visits
from dashboard.video import FrameProcessor

__all__ = ["ICE_VARIABLE", "Connection", "Context", "ice_servers", "stream"]

Context = WebRtcStreamerContext[FrameProcessor, Any]
"""A camera in the page: `state` is its `Connection`, `video_processor` reads the running stream, None without one."""

ICE_VARIABLE = "FERSCOPE_ICE_SERVERS"

# "ideal", not "exact": a camera that cannot do it gives what it has. Sound is not asked for.
CONSTRAINTS = {
    "video": {"width": {"ideal": 640}, "height": {"ideal": 480}, "frameRate": {"ideal": 30}},
    "audio": False,
}
# Without playsInline phones open the video full screen; without muted they do not start it.
VIDEO_ATTRIBUTES = {"autoPlay": True, "muted": True, "playsInline": True, "controls": False, "style": {"width": "100%"}}


def stream(make_processor: Callable[[], FrameProcessor]) -> Context:
    """Show the camera's START button and video; each START makes its own processor."""
    key = f"camera-{visits.visit()}"
    _forget_run_count(key)
    return webrtc_streamer(
        key=key,
        video_processor_factory=make_processor,
        # Off, frames would be read on the server's event loop, and everybody would wait for them.
        async_processing=True,
        media_stream_constraints=CONSTRAINTS,
        video_html_attrs=VIDEO_ATTRIBUTES,
        rtc_configuration={"iceServers": ice_servers()},
    )


def _forget_run_count(key: str) -> None:
    """Keep streamlit-webrtc 0.79 from stopping about one in twenty streams just after their start.

    It takes a component whose last run is too long ago for an orphan of an earlier visit; its count races with our
    own reruns. A new key for each visit leaves no orphans, so it may always believe that this is the first run.
    """
    context = st.session_state.get(key)
    if hasattr(context, "_last_rendered_run_count"):
        context._last_rendered_run_count = None


def ice_servers() -> list[dict[str, Any]]:
    """STUN and TURN servers from the environment, none by default: on one computer or network none is needed.

    Unset, streamlit-webrtc would ask a public server, five seconds a start where that cannot be reached.
    """
    text = os.environ.get(ICE_VARIABLE) or "[]"
    try:
        servers = json.loads(text)
    except ValueError:
        servers = None
    if not isinstance(servers, list):
        raise InputError(f"{ICE_VARIABLE} is not a JSON list; write for example " + '[{"urls": "stun:host:3478"}].')
    return servers
