"""Write the names chosen in a widget to the page's address, and read them from it.

Streamlit's `bind="query-params"` would write the whole text of an option, for example `cnn · 72.6 %`. These functions
write only `cnn`, so saved links stay valid when the accuracy changes. Call `read_from_address` before the widget and
`write_to_address` after it.
"""

from collections.abc import Collection, Sequence

import streamlit as st

from core.exceptions import shortened
from dashboard import keys
from dashboard.plain_text import escape_markdown

LAST_WRITTEN = "address"
"""Prefix of the session-state keys that hold the value in the address that the page has read or written last."""


def read_from_address(key: str, known: Collection[str]) -> list[str] | None:
    """Return the names in the address under `key` that are in `known`; an empty list for an empty value (`?models=`).

    Return None, so that the widget keeps its value, if `key` is not in the address, or if its value is the one that was
    read or written last. The names that are not known are those of `unknown_in_address`.
    """
    in_address = st.query_params.get_all(key)
    if not in_address or in_address == st.session_state.get(keys.per_item(LAST_WRITTEN, key)):
        return None
    st.session_state[keys.per_item(LAST_WRITTEN, key)] = in_address
    return [name for name in dict.fromkeys(in_address) if name in known]


def unknown_in_address(key: str, known: Collection[str]) -> list[str]:
    """Return the names in the address under `key` that are not in `known`, and not empty."""
    return [name for name in dict.fromkeys(st.query_params.get_all(key)) if name and name not in known]


def write_to_address(key: str, chosen: Sequence[str], default: Sequence[str]) -> None:
    """Write the chosen names to the address, or remove `key` from the address if they are the default."""
    in_address = [] if list(chosen) == list(default) else list(chosen) or [""]
    if st.query_params.get_all(key) != in_address:
        st.query_params[key] = in_address
    st.session_state[keys.per_item(LAST_WRITTEN, key)] = in_address


def forget(name: str) -> None:
    """Take a model that was removed out of the address, so that no picker calls it unknown."""
    for key in (keys.MODEL_A, keys.MODEL_B, keys.MODELS):
        in_address = st.query_params.get_all(key)
        if name in in_address:
            rest = [other for other in in_address if other != name]
            st.query_params[key] = rest
            st.session_state[keys.per_item(LAST_WRITTEN, key)] = rest


def unknown_names_text(what: str, unknown: Sequence[str], known: Collection[str]) -> str:
    """Say as Markdown that names in a link are unknown, and which ones exist. `what` is a thing with such a name."""
    given = escape_markdown(", ".join(shortened(name) for name in unknown))
    return (
        f"The link names {what} that does not exist here: **{given}**. Choose from {escape_markdown(', '.join(known))}."
    )


def warn_of_unknown(key: str, what: str, known: Collection[str]) -> None:
    """Show a warning if the address has an unknown name under `key`. Call this before a widget with `bind`.

    Streamlit ignores such a name and removes it from the address.
    """
    if unknown := unknown_in_address(key, known):
        st.warning(unknown_names_text(what, unknown, known), icon=":material/link_off:")
