"""How many times pages were entered in this session: what must start afresh at each visit is keyed on it."""

import streamlit as st

from dashboard import keys


def count_visit(page: str) -> None:
    """Called by the app's shell in each full run, before the page; a rerun of the same page is the same visit."""
    if st.session_state.get(keys.VISITED_PAGE) != page:
        st.session_state[keys.VISITED_PAGE] = page
        st.session_state[keys.VISIT] = visit() + 1


def visit() -> int:
    """The number of this visit; 0 where the page runs without the shell."""
    return int(st.session_state.get(keys.VISIT, 0))
