"""The gallery: images of the data set, filtered and sorted, each of which opens its own view.

The filters with the list are a fragment, and the grid with the open face is a fragment within it: a change runs only
the part that it concerns.
"""

import streamlit as st

from dashboard.pages.dataset.gallery import facts as all_facts
from dashboard.pages.dataset.gallery import filter, grid
from dashboard.pages.dataset.gallery.kinds import KINDS
from dashboard.pages.dataset.gallery.listing import find
from dashboard.resources.stamps import data_stamp


@st.fragment
def show() -> None:
    """Show the filters, and the images that match them."""
    choice = filter.pick()
    kind = KINDS[choice.kind]
    listing = find(choice, all_facts.load())
    if listing is None:
        st.info(kind.unknown, icon=":material/info:")
        return
    grid.show(choice, listing, data_stamp())
