"""Download buttons. A file is made only when its button is pressed, and the page is not rerun."""

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
    **options: Any,
) -> None:
    """Show a button that saves the bytes returned by `make`.

    `options` are further arguments of `st.download_button`, such as disabled, help and width.
    """
    st.download_button(label, make, file_name=file_name, mime=mime, icon=icon, on_click="ignore", key=key, **options)


def csv_button(
    table: pd.DataFrame | Callable[[], pd.DataFrame], name: str, label: str = "Download as CSV", **options: Any
) -> None:
    """Show a button that saves a table as `name`.csv.

    If `table` is a function that returns the table, it is called when the button is pressed. `options` are those of
    `button`.
    """

    def make() -> bytes:
        frame = table if isinstance(table, pd.DataFrame) else table()
        return frame.to_csv(index=False).encode()

    button(label, make, f"{name}.csv", "text/csv", keys.per_item("csv", name), **options)
