"""A workaround for camera streams that stop silently just after their start."""

import streamlit as st


def guard_against_silent_start(key: str) -> None:
    """Prevent streamlit-webrtc 0.79 from stopping about one in twenty streams just after their start.

    For each key, the library notes the last script run that showed the camera. If later runs did not show it, the
    library assumes that the visitor left the page and came back, and it stops the stream. Reruns that this app requests
    can look like such runs. Therefore make the library forget the last run.

    This is safe: after a new visit to the page the key is new, so there is no old stream to stop. If the camera
    disappears within a visit, its browser part starts again and reports that no video plays, which ends the old stream.
    """
    context = st.session_state.get(key)
    if context is not None and hasattr(context, "_last_rendered_run_count"):
        context._last_rendered_run_count = None
