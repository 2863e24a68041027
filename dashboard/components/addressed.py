"""Write the names chosen in a widget to the page's address, and read them from it.

Streamlit's `bind="query-params"` would write the whole text of an option, for example `cnn · 72.6 %`. These functions
write only `cnn`, so saved links stay valid when the accuracy changes. Call `read_from_address` before the widget and
`write_to_address` after it.
"""

from collections.abc import Collection, Sequence

import streamlit as st

from dashboard import keys

LAST_WRITTEN = "address"
"""Prefix of the session-state keys that hold the last value passed to `write_to_address`."""


def read_from_address(key: str, known: Collection[str]) -> list[str] | None:
    """Return the names in the address under `key` that are in `known`; an empty list for an empty value (`?models=`).

    Return None, so that the widget keeps its value, if `key` is not in the address, if none of its names is known, or
    if its value has not changed since the last `write_to_address`.
    """
    in_address = st.query_params.get_all(key)
    if not in_address or in_address == st.session_state.get(keys.per_item(LAST_WRITTEN, key)):
        return None
    names = [name for name in dict.fromkeys(in_address) if name in known]
    return names if names or in_address == [""] else None


def write_to_address(key: str, chosen: Sequence[str], default: Sequence[str]) -> None:
    """Write the chosen names to the address, or remove `key` from the address if they are the default."""
    in_address = [] if list(chosen) == list(default) else list(chosen) or [""]
    if st.query_params.get_all(key) != in_address:
        st.query_params[key] = in_address
    st.session_state[keys.per_item(LAST_WRITTEN, key)] = in_address
