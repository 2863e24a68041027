"""Keep a widget's choice in the page's address when the widget shows more text than the address holds.

Streamlit's own binding writes the text of the widget, for example `cnn · 72.6 %`. These functions write only `cnn`, so
that saved links stay valid. Call `read_from_address` before the widget and `write_to_address` after it.
"""

from collections.abc import Collection, Sequence

import streamlit as st

from dashboard import keys

LAST_ADDRESS = "address"
"""Prefix of the session keys that remember the value last read from or written to the address."""


def read_from_address(key: str, known: Collection[str]) -> list[str] | None:
    """Return the known names that the address gives for `key`; None if the address is unchanged or names none of them.

    An empty value (`?models=`) is a choice of no names: an empty list.
    """
    in_address = st.query_params.get_all(key)
    if not in_address or in_address == st.session_state.get(keys.per_item(LAST_ADDRESS, key)):
        return None
    names = [name for name in dict.fromkeys(in_address) if name in known]
    return names if names or in_address == [""] else None


def write_to_address(key: str, chosen: Sequence[str], default: Sequence[str]) -> None:
    """Write a choice to the address. The default choice is left out of it."""
    in_address = [] if list(chosen) == list(default) else list(chosen) or [""]
    if st.query_params.get_all(key) != in_address:
        st.query_params[key] = in_address
    st.session_state[keys.per_item(LAST_ADDRESS, key)] = in_address
