"""The face that is open: its image id stands in the page's address, so that a link opens it."""

from collections.abc import Collection, Sequence

import streamlit as st

from core.exceptions import shortened
from dashboard import keys, resources
from dashboard.plain_text import escape_markdown


def opened(known: Collection[str] | None = None) -> str | None:
    """Return the image id in the address; None if there is none.

    `known` are the ids that can be opened, by default all of the data set in use. For any other id, show a warning and
    return None.
    """
    image_id = st.query_params.get(keys.IMAGE)
    if not image_id:
        return None
    if not (resources.data.is_known(image_id) if known is None else image_id in known):
        st.warning(
            "The link names an image that the data set in use does not have: "
            f"**{escape_markdown(shortened(image_id))}**. Choose a face on this page.",
            icon=":material/link_off:",
        )
        return None
    return image_id


def open_face(image_id: str) -> None:
    """Open the view of a face at the next run of its part of the page."""
    st.query_params[keys.IMAGE] = image_id


def step(by: int, ids: Sequence[str]) -> None:
    """Open the face that is `by` places further in the list; nothing happens at its end, or if none of it is open.

    Counted from the face in the address, not from the one on screen: of quick presses, each goes on.
    """
    image_id = st.query_params.get(keys.IMAGE)
    if image_id in ids and 0 <= (at := ids.index(image_id) + by) < len(ids):
        open_face(ids[at])


def close() -> None:
    """Close the view at the next run of its part of the page."""
    st.query_params.pop(keys.IMAGE, None)
