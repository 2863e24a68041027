"""The counts, the tabs and the open tab.

They are a fragment: another tab does not run the rest of the page. The gallery has fragments of its own within it.
"""

import streamlit as st

from dashboard import keys
from dashboard.faults import show_input_errors
from dashboard.pages.dataset import counts, tabs


@st.fragment
def show() -> None:
    """Show the six counts, the tabs, and what the open tab has."""
    with show_input_errors():
        counts.show()
    name = tabs.pick()
    with st.container(key=keys.per_item(keys.DATASET_TAB, name)), show_input_errors():
        tabs.PANELS[name]()
