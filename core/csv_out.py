"""Write tables as CSV that spreadsheets open as data: no text in it runs as a formula."""

import re

import numpy as np
import pandas as pd

FORMULA = re.compile(r"'*[=+\-@\t\n＝＋－＠]")
"""The start of a text that a spreadsheet takes for a formula, or of one that was already defused.

The last four are the wide forms of the first four, in which Excel for Chinese and Japanese also reads formulas.
"""


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as a CSV file in UTF-8, without its index.

    Texts that a spreadsheet would run as formulas, and such names of columns, begin with an apostrophe, also if the
    text is a number with a sign. To get the original, remove the first apostrophe of such a text. Line breaks in texts
    become newlines. Numbers stay as they are.
    """
    safe = table.copy(deep=False)
    safe.columns = pd.Index([_defused(name) for name in table.columns], dtype=object)
    for position, dtype in enumerate(table.dtypes):
        if not (pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_bool_dtype(dtype)):
            values = [_defused(value) for value in table.iloc[:, position]]
            safe.isetitem(position, np.fromiter(values, object, len(values)))
    return safe.to_csv(index=False).encode()


def original(cell: str) -> str:
    """Return the text that `csv_bytes` wrote as this cell."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _defused(value: object) -> object:
    if not isinstance(value, str):
        return value
    # pandas does not quote a text for a carriage return alone, so its second line would become a row of its own.
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if FORMULA.match(text) else text
