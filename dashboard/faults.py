"""What cannot be used is said where it is met, and never a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.exceptions import InputError


@contextmanager
def in_words() -> Iterator[None]:
    """Shows an InputError in a box, and lets the page go on below."""
    try:
        yield
    except InputError as error:
        st.error(str(error), icon=":material/error:")
