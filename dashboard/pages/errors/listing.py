"""The list of images that match the filters.

The filters with the list are a fragment, and the grid with the open face is a fragment within it: a change runs only
the part that it concerns.
"""

import streamlit as st

from dashboard import resources
from dashboard.pages.errors import filter, grid


@st.fragment
def show() -> None:
    """Show the filters, and the images that match them."""
    choice = filter.pick()
    if choice is None:
        return
    pairs = resources.comparisons.rows(*choice.models, choice.slice_name)
    grid.show(choice, choice.rows(pairs), len(pairs))
