"""Choices that are kept in the page's address although the widget shows more than the address says.

Streamlit's own binding writes what the widget shows, `cnn · 72.6 %`; here the address says `cnn`, as saved links do.
Call `take_from_address` before the widget and `keep_in_address` after it.
"""

from collections.abc import Collection, Sequence

import streamlit as st

from dashboard import keys

SEEN = "address"
"""Under this key of the session stands what the address said when it was last read or written."""


def take_from_address(key: str, known: Collection[str]) -> list[str] | None:
    """What a new address says of `key`, without unknown names; None if it says nothing new."""
    said = st.query_params.get_all(key)
    if not said or said == st.session_state.get(keys.of(SEEN, key)):
        return None
    names = [name for name in dict.fromkeys(said) if name in known]
    return names if names or said == [""] else None


def keep_in_address(key: str, chosen: Sequence[str], default: Sequence[str]) -> None:
    """Write a choice into the address; the default stands there by not being there."""
    said = [] if list(chosen) == list(default) else list(chosen) or [""]
    if st.query_params.get_all(key) != said:
        st.query_params[key] = said
    st.session_state[keys.of(SEEN, key)] = said
