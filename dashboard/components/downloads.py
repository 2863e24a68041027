"""Download buttons. A file is made only when its button is pressed, and the page is not rerun."""

import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import pandas as pd
import streamlit as st

from core.csv_out import csv_bytes
from dashboard import keys, plain_text

LONGEST_STEM = 80
"""Maximum number of characters of a file name before its end, such as `.csv`."""


def button(
    label: str,
    make: Callable[[], bytes],
    file_name: str,
    mime: str,
    key: str,
    icon: str = ":material/download:",
    **options: Any,
) -> None:
    """Show a button that saves the bytes returned by `make` under the name `safe_name(file_name)`.

    `options` are further arguments of `st.download_button`, such as disabled, help and width.
    """
    st.download_button(
        label, make, file_name=safe_name(file_name), mime=mime, icon=icon, on_click="ignore", key=key, **options
    )


def csv_button(
    table: pd.DataFrame | Callable[[], pd.DataFrame],
    name: str,
    label: str = "Download as CSV",
    key: str | None = None,
    **options: Any,
) -> None:
    """Show a button that saves a table as `name`.csv. Texts that a spreadsheet would run as formulas are defused.

    If `table` is a function that returns the table, it is called when the button is pressed. The name makes the `key`
    if there is none. `options` are those of `button`.
    """

    def make() -> bytes:
        return csv_bytes(table if isinstance(table, pd.DataFrame) else table())

    button(label, make, f"{name}.csv", "text/csv", key or keys.per_item("csv", name), **options)


def safe_name(file_name: str) -> str:
    """Return a name that every system can save: without special characters, short, and not hidden or an option.

    The name may come from a file that a visitor uploaded.
    """
    line = re.sub(r'[<>:"/\\|?*]', "_", plain_text.one_line(file_name))
    path = PurePath(line)
    stem = plain_text.one_line(path.stem.strip(" .-"), LONGEST_STEM)
    return f"{stem or 'file'}{path.suffix}"
