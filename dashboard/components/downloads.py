"""Buttons that save what is made at the moment they are pressed, without drawing the page anew."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

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
    st.download_button(label, make, file_name=file_name, mime=mime, icon=icon, on_click="ignore", key=key, **look)


def csv_button(
    table: pd.DataFrame | Callable[[], pd.DataFrame], name: str, label: str = "Download as CSV", **look: Any
) -> None:
    """A button that saves the table, or the one that the function makes by then, as `name`.csv."""

    def make() -> bytes:
        made = table if isinstance(table, pd.DataFrame) else table()
        return made.to_csv(index=False).encode()

    button(label, make, f"{name}.csv", "text/csv", keys.of("csv", name), **look)
