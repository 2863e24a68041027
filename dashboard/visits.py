"""Count page visits in a session. If a widget must be reset at each visit, its key contains the visit number."""

import streamlit as st

from dashboard import keys


def count_visit(page: str) -> None:
    """Count a visit if the page has changed. `streamlit_app.py` calls this in each full script run, before the page."""
    if st.session_state.get(keys.VISITED_PAGE) != page:
        st.session_state[keys.VISITED_PAGE] = page
        st.session_state[keys.VISIT] = visit() + 1


def visit() -> int:
    """Return the number of this visit, counted from 1. It is 0 if the page runs without `streamlit_app.py`."""
    return int(st.session_state.get(keys.VISIT, 0))
