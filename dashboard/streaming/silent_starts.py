"""The guard against camera starts that end without a word."""

import streamlit as st


def guard_against_silent_start(key: str) -> None:
    """Keep streamlit-webrtc 0.79 from stopping about one in twenty streams just after their start.

    It takes a component whose last run is too long ago for an orphan of an earlier visit; its count races with our
    own reruns. A new key for each visit leaves no orphans, so it may always believe that this is the first run. (Within
    a visit, the queue or a consent taken back takes the component away; when it comes back its frontend says that
    nothing plays, and the old stream ends.)
    """
    context = st.session_state.get(key)
    if context is not None and hasattr(context, "_last_rendered_run_count"):
        context._last_rendered_run_count = None
