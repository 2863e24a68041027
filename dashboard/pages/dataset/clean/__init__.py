"""The clean list: tick what to leave out, see what that changes, and take the list and the images away."""

import streamlit as st

from core.exceptions import InputError
from dashboard import faults
from dashboard.components import layout
from dashboard.pages.dataset.clean import balance, choices, downloads, reasons
from dashboard.resources import cleaning

LEAD = (
    "Tick what to leave out. The data set itself does not change. The result is a list that says for each image "
    "whether to keep it, and if not, why. You can save it with or without the images. If a mark says which label is "
    "right, the list has that label."
)


def show() -> None:
    """Show the choices, what they leave out, what that changes for the classes, and the downloads."""
    layout.subheader("A clean list", LEAD)
    choice = choices.pick()
    try:
        listed = cleaning.listed(choice)
    except InputError as error:  # for example, marks that cannot be read
        faults.show_input_error(error)
        return
    reasons.show(listed)
    if not listed["keep"].any():
        st.info("No image would be left. Leave out less.", icon=":material/info:")
        return
    downloads.show(listed, choice)
    balance.show(listed)
