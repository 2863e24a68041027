"""A workaround for camera streams that stop silently just after their start."""

import streamlit as st


def guard_against_silent_start(key: str) -> None:
    """Keep streamlit-webrtc 0.79 from stopping about one in twenty streams just after their start.

    The library counts script runs, and takes a component that missed runs for one left over from an earlier visit.
    Our own reruns disturb that count. Each visit has its own key here, so no component is left over. Resetting the
    count is therefore safe: the library always sees a first run.

    Within a visit, the component disappears if the visitor joins the queue or withdraws consent. When it returns, its
    frontend reports that nothing plays, and the old stream ends.
    """
    context = st.session_state.get(key)
    if context is not None and hasattr(context, "_last_rendered_run_count"):
        context._last_rendered_run_count = None
