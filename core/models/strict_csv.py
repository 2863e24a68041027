"""Read and check CSV tables in a model's folder, such as history.csv."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.exceptions import shortened
from core.files import ContentError, read_regular_file

if TYPE_CHECKING:
    import pandas as pd

LARGEST_CSV = 2_000_000
"""Largest size of a CSV file in bytes: about 30,000 rows."""


class Column(NamedTuple):
    """The values that a column of numbers may have."""

    low: float = 0.0
    high: float = 1.0
    whole: bool = False
    """Whether the numbers are integers."""
    may_be_missing: bool = False


TEXT = None
"""Stands for a column of texts in the arguments of `read_csv_table`."""

STEPS = Column(0, 1e9, whole=True)
LOSSES = Column(0, 1e9, may_be_missing=True)
SHARES = Column(may_be_missing=True)

HISTORY_COLUMNS: dict[str, Column | None] = {
    "step": STEPS,
    "train_loss": LOSSES,
    "train_accuracy": SHARES,
    "val_loss": LOSSES,
    "val_accuracy": SHARES,
    "learning_rate": Column(0, 1e6, may_be_missing=True),
    "kept": Column(whole=True),
}


def read_csv_table(path: Path, columns: Mapping[str, Column | None]) -> pd.DataFrame:
    """Read these columns of a CSV file; empty cells are NaN.

    Raises InputError if the file cannot be read or is too large, and ContentError for missing columns and values that
    a column may not have. pandas does not parse the file, because it would guess types and repair rows.
    """
    import pandas as pd

    rows = _csv_rows(read_regular_file(path, LARGEST_CSV))
    heading = rows[0] if rows else []
    for name in columns:
        if heading.count(name) != 1:
            raise ContentError(f"the column {name} is {'missing' if name not in heading else 'repeated'}")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(heading):
            raise ContentError(f"row {number} has {len(row)} cells instead of {len(heading)}")
    return pd.DataFrame(
        {
            name: _converted(name, column, [row[heading.index(name)] for row in rows[1:]])
            for name, column in columns.items()
        }
    )


def _csv_rows(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
        return [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except UnicodeDecodeError as error:
        raise ContentError("it is not UTF-8 text") from error
    except csv.Error as error:
        raise ContentError("it is not a CSV table") from error


def _converted(name: str, column: Column | None, cells: list[str]) -> pd.Series:
    import pandas as pd

    if column is TEXT:
        return pd.Series(cells, dtype="str")
    numbers = [_number(name, column, cell) for cell in cells]
    return pd.Series(numbers, dtype="int64" if column.whole else "float64")


def _number(name: str, column: Column, cell: str) -> float:
    """Return the number in a cell; NaN if it is empty and may be."""
    if not cell and column.may_be_missing:
        return math.nan
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not column.low <= number <= column.high or (column.whole and number != int(number)):
        kind = "a whole number" if column.whole else "a number"
        raise ContentError(f"{name} must be {kind} from {column.low:g} to {column.high:g}, not {shortened(repr(cell))}")
    return number
