"""Show an error on a page in words, without a traceback; the traceback of a bug is in the server's log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit import error_util

from core.exceptions import InputError
from dashboard.plain_text import escape_markdown

UNEXPECTED = (
    "An unexpected error stopped this part of the page. Reload the page. If the error comes back, report it with its "
    "text, which is in the server's log."
)

logger = logging.getLogger(__name__)


class UnexpectedError(Exception):
    """Shown in place of an error whose own text is meant only for the log."""

    alternate_name = ""  # Streamlit then shows the message without a type


@contextmanager
def show_input_errors() -> Iterator[None]:
    """Show an InputError that is raised in the `with` block as an error box, then continue after the block."""
    try:
        yield
    except InputError as error:
        show_input_error(error)


def show_input_error(error: InputError) -> None:
    """Show the message of an InputError as an error box. Names in it are shown as they are, not as Markdown."""
    st.error(escape_markdown(error), icon=":material/error:")


def show_error(ex: BaseException) -> None:
    """Show the message of an InputError, or one sentence for an error of any other type.

    The parameter is named as in the function that `replace_error_boxes` replaces.
    """
    try:
        if isinstance(ex, InputError):
            show_input_error(ex)
        else:
            st.exception(UnexpectedError(UNEXPECTED))
    except Exception:  # a session that cannot show errors must not hide the first one
        logger.exception("An error could not be shown.")


def replace_error_boxes() -> None:
    """Make Streamlit call `show_error` for every error that no code catches, after it has logged the traceback.

    Fragments and callbacks run outside of streamlit_app.py, and there Streamlit would show a text of its own. Its
    documented hook, `on_script_error` of `st.App`, needs another script as entry point. If a new version no longer
    calls the function replaced here, `client.showErrorDetails` still hides tracebacks.
    """
    error_util.show_uncaught_app_exception = show_error
