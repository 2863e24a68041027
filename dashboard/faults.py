"""Show an InputError as an error box instead of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.exceptions import InputError


@contextmanager
def show_input_errors() -> Iterator[None]:
    """Show an InputError that is raised in the `with` block as an error box, then continue after the block."""
    try:
        yield
    except InputError as error:
        st.error(str(error), icon=":material/error:")
