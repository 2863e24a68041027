"""The visitor's camera on the page, with streamlit-webrtc.

fresh_track.py and silent_starts.py work around faults of this library.
"""

import json
import os
import time
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit_webrtc import WebRtcStreamerContext, webrtc_streamer
from streamlit_webrtc.component import WebRtcStreamerState as Connection

from dashboard import keys, visits
from dashboard.streaming import ice
from dashboard.streaming.processor import FrameProcessor
from dashboard.streaming.silent_starts import guard_against_silent_start

__all__ = ["Connection", "Context", "ice_servers", "obstacle", "stream"]

Context = WebRtcStreamerContext[FrameProcessor, Any]
"""A camera on the page: `state` is its `Connection`, `video_processor` its FrameProcessor (None if no stream runs)."""

# Without playsInline, phones open the video full screen. Without muted, they do not start it. The height is limited, so
# that the video of an upright camera fits a screen together with the controls.
VIDEO_ATTRIBUTES = {
    "autoPlay": True,
    "muted": True,
    "playsInline": True,
    "controls": False,
    "style": {"width": "100%", "maxHeight": "460px"},
}


def stream(make_processor: Callable[[], FrameProcessor], frames_per_s: float) -> Context:
    """Show the START button and the video of the camera. Each START calls `make_processor`.

    `frames_per_s` is the frame rate requested from the camera at START. A running camera keeps its frame rate.
    """
    key = keys.per_visit("camera", visits.visit())
    guard_against_silent_start(key)
    servers = ice_servers()
    return webrtc_streamer(
        key=key,
        video_processor_factory=make_processor,
        # False would read frames on the server's event loop, and all visitors would wait for them.
        async_processing=True,
        media_stream_constraints=constraints(_rate_at_start(key, frames_per_s)),
        video_html_attrs=VIDEO_ATTRIBUTES,
        server_rtc_configuration={"iceServers": servers},
        frontend_rtc_configuration={
            "iceServers": servers,
            "iceTransportPolicy": "relay" if ice.relay_only(settings(), servers) else "all",
        },
    )


def constraints(frames_per_s: float) -> dict[str, Any]:
    """Return `MediaStreamConstraints` for a browser: video without sound, at this frame rate.

    The values are "ideal" rather than "exact", so that cameras which do not support them work too. The height is left
    to the camera: with a height of 480, browsers would crop the frames of an upright camera to squares.
    """
    video = {"width": 640, "frameRate": frames_per_s}
    return {"video": {name: {"ideal": value} for name, value in video.items()}, "audio": False}


def _rate_at_start(key: str, frames_per_s: float) -> float:
    """Return the frame rate requested at START if the camera runs, otherwise `frames_per_s`."""
    context, rate_key = st.session_state.get(key), keys.per_item(key, "frames-per-s")
    running = context is not None and (context.state.playing or context.state.signalling)
    if not running or rate_key not in st.session_state:
        st.session_state[rate_key] = frames_per_s
    return float(st.session_state[rate_key])


def ice_servers() -> list[ice.Server]:
    """Return the STUN and TURN servers, none by default. Raises InputError if a setting is wrong.

    Pass this list to streamlit-webrtc even if it is empty. Otherwise the library uses a public server, and each START
    takes 5 s longer if that server cannot be reached.
    """
    return ice.ice_servers(settings(), time.time())


def settings() -> dict[str, str]:
    """Return the settings named in `ice.NAMES`: from the environment, or else from `.streamlit/secrets.toml`."""
    secrets = st.secrets if st.secrets.load_if_toml_exists() else {}
    found = {name: os.environ.get(name) or secrets.get(name) for name in ice.NAMES}
    # TOML may hold the servers as a list instead of a JSON string.
    return {
        name: value if isinstance(value, str) else json.dumps(value, default=dict)
        for name, value in found.items()
        if value
    }


def obstacle() -> str | None:
    """Return a warning if the camera will not or may not work at the page's address; otherwise None."""
    return ice.obstacle(st.context.url or "", ice_servers())
