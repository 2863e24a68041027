"""Buttons that save what is made at the moment they are pressed, without drawing the page anew."""

import threading
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from dashboard import keys


def button(
    label: str,
    make: Callable[[], bytes],
    file_name: str,
    mime: str,
    key: str,
    icon: str = ":material/download:",
    **look: Any,
) -> None:
    """A button that saves what `make` returns; `look` is st.download_button's disabled, help and width."""
    st.download_button(
        label,
        _held(make, file_name, mime, key),
        file_name=file_name,
        mime=mime,
        icon=icon,
        on_click="ignore",
        key=key,
        **look,
    )


def csv_button(
    table: pd.DataFrame | Callable[[], pd.DataFrame], name: str, label: str = "Download as CSV", **look: Any
) -> None:
    """A button that saves the table, or the one that the function makes by then, as `name`.csv."""

    def make() -> bytes:
        made = table if isinstance(table, pd.DataFrame) else table()
        return made.to_csv(index=False).encode()

    button(label, make, f"{name}.csv", "text/csv", keys.of("csv", name), **look)


def _held(make: Callable[[], bytes], file_name: str, mime: str, key: str) -> Callable[[], bytes]:
    """`make`, whose file stays until the button is pressed again, the page is drawn anew or the tab is closed.

    Streamlit drops a file that was made on demand when two script runs have ended, whoever's they are. Pages that renew
    themselves end several a second, which leaves a slow connection no time to fetch it.
    """
    context = get_script_run_ctx()

    def made() -> bytes:
        data = make()
        # The same bytes, type and name are the same file, and here it is one of this visitor's, who is known by the
        # thread alone; Streamlit's own thread serves other visitors next.
        hold = threading.Thread(target=_hold, args=(data, mime, key, file_name))
        add_script_run_ctx(hold, context)
        hold.start()
        hold.join()
        return data

    return made


def _hold(data: bytes, mime: str, key: str, file_name: str) -> None:
    files = runtime.get_instance().media_file_mgr
    files.add(data, mime, f"held-{key}", file_name, is_for_static_download=True)
