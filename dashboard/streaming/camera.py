"""The visitor's camera in the page, through streamlit-webrtc. fresh_track.py and silent_starts.py mend that library."""

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
"""A camera in the page: `state` is its `Connection`, `video_processor` reads the running stream, None without one."""

# Without playsInline phones open the video full screen; without muted they do not start it.
VIDEO_ATTRIBUTES = {"autoPlay": True, "muted": True, "playsInline": True, "controls": False, "style": {"width": "100%"}}


def stream(make_processor: Callable[[], FrameProcessor], frames_per_s: float) -> Context:
    """Show the camera's START button and video; each START makes its own processor.

    The camera is asked for so many frames a second at START; a running one keeps what it was asked for.
    """
    key = keys.in_visit("camera", visits.visit())
    guard_against_silent_start(key)
    servers = ice_servers()
    return webrtc_streamer(
        key=key,
        video_processor_factory=make_processor,
        # Off, frames would be read on the server's event loop, and everybody would wait for them.
        async_processing=True,
        media_stream_constraints=constraints(_kept_while_running(key, frames_per_s)),
        video_html_attrs=VIDEO_ATTRIBUTES,
        server_rtc_configuration={"iceServers": servers},
        frontend_rtc_configuration={
            "iceServers": servers,
            "iceTransportPolicy": "relay" if ice.relay_only(settings(), servers) else "all",
        },
    )


def constraints(frames_per_s: float) -> dict[str, Any]:
    """What is asked of the camera: "ideal", so that one that cannot do it gives what it has; no sound."""
    video = {"width": 640, "height": 480, "frameRate": frames_per_s}
    return {"video": {name: {"ideal": value} for name, value in video.items()}, "audio": False}


def _kept_while_running(key: str, frames_per_s: float) -> float:
    context, name = st.session_state.get(key), keys.of(key, "frames-per-s")
    running = context is not None and (context.state.playing or context.state.signalling)
    if not running or name not in st.session_state:
        st.session_state[name] = frames_per_s
    return float(st.session_state[name])


def ice_servers() -> list[ice.Server]:
    """STUN and TURN servers, none by default; raises InputError where they are set up wrongly.

    Unset, streamlit-webrtc would ask a public server, five seconds a start where that cannot be reached.
    """
    return ice.ice_servers(settings(), time.time())


def settings() -> dict[str, str]:
    """The connection's settings: the environment's, else those of `.streamlit/secrets.toml`."""
    secrets = st.secrets if st.secrets.load_if_toml_exists() else {}
    found = {name: os.environ.get(name) or secrets.get(name) for name in ice.NAMES}
    # In a TOML file a list of servers may also stand as a list.
    return {
        name: value if isinstance(value, str) else json.dumps(value, default=dict)
        for name, value in found.items()
        if value
    }


def obstacle() -> str | None:
    """Why the camera will not work, or may not, on the page as it was opened; None where nothing is in the way."""
    return ice.obstacle(st.context.url or "", ice_servers())
