"""Read a table from the bytes of a CSV or parquet file, whatever its encoding and separator are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.data.sources.csv_rows import text_encoding
from core.exceptions import InputError, shortened
from core.exchange.guests.guest import GuestFile
from core.files import damage_as_input_error

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

TEXT_ENDINGS = (".csv", ".tsv", ".txt")
TABLE_ENDINGS = (*TEXT_ENDINGS, ".parquet")
"""Endings of the files that hold predictions."""

MOST_ROWS, MOST_COLUMNS, MOST_BYTES = 200_000, 100, 100_000_000
"""Largest numbers of rows, columns and bytes, also without compression. FER2013 has 35,887 images."""

LONGEST_FIELD = 1_000
"""Largest number of characters of a field. The longest are the paths of images."""

SAVE_AGAIN = "save the predictions again, as CSV in UTF-8 or as parquet"


@dataclass(frozen=True, eq=False)
class Table:
    """The columns of a file. Texts are not yet parsed as numbers."""

    file_name: str
    names: list[str]
    """The names of the columns; empty texts for columns without a name."""
    columns: list[pd.Series]
    """One Series per column, all of the same length: texts, or numbers in a parquet file."""
    lines: list[int] | None = None
    """The number of each row's line in a text file, counted from 1; None for a parquet file."""

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.columns[0]) if self.columns else 0

    def place(self, row: int) -> str:
        """Return where a row stands in the file: `line 3`, or `row 3` of a parquet file, both counted from 1."""
        return f"row {row + 1:,}" if self.lines is None else f"line {self.lines[row]:,}"

    def numbers(self, column: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return a column as numbers, (rows,) float64; NaN for cells that are no number."""
        cells = self.columns[column]
        if not pd.api.types.is_numeric_dtype(cells.dtype):
            cells = cells.astype(object).str.replace(",", ".", regex=False)  # decimal commas
        return np.asarray(pd.to_numeric(cells, errors="coerce"), np.float64)

    def texts(self, column: int) -> list[str]:
        """Return a column as texts without spaces around them; empty texts for missing cells."""
        return ["" if cell is None or cell != cell else str(cell).strip() for cell in self.columns[column]]


def read_table(file: GuestFile) -> Table:
    """Return the table in a file. Raises InputError if it is empty, too large, damaged or no table."""
    name = shortened(file.name, 40)
    if not file.content.strip():
        raise InputError(f"{name} is empty; {SAVE_AGAIN}.")
    if len(file.content) > MOST_BYTES:
        raise _too_large(name)
    table = _read_parquet(file, name) if file.ending == ".parquet" else _read_text(file, name)
    if not table.rows:
        raise InputError(f"{name} has no rows below its header; {SAVE_AGAIN}.")
    return table


def _read_parquet(file: GuestFile, name: str) -> Table:
    from pyarrow.parquet import ParquetFile

    with damage_as_input_error(name, SAVE_AGAIN):
        with ParquetFile(io.BytesIO(file.content)) as parquet:
            _check_size(parquet, name)
            is_text = {field.name: _is_text(field.type) for field in parquet.schema_arrow if _is_read(field.type)}
        # As a dictionary, a text that is repeated in many rows takes its space once.
        texts = [column for column, holds_text in is_text.items() if holds_text]
        with ParquetFile(io.BytesIO(file.content), read_dictionary=texts) as parquet:
            frame = parquet.read(columns=list(is_text), use_threads=False).to_pandas(ignore_metadata=True)
        columns = [frame.iloc[:, position] for position in range(frame.shape[1])]
        for column in columns:
            if isinstance(column.dtype, pd.CategoricalDtype) and _longest(column) > LONGEST_FIELD:
                raise _too_large(name)
        names = ["" if re.fullmatch(r"__index_level_\d+__", column) else column for column in frame.columns]
        return Table(name, names, columns)


def _is_read(kind: pa.DataType) -> bool:
    """Return whether a column of this type is read: only numbers and texts are."""
    from pyarrow import types

    return types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind) or _is_text(kind)


def _is_text(kind: pa.DataType) -> bool:
    from pyarrow import types

    kind = kind.value_type if types.is_dictionary(kind) else kind
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _longest(texts: pd.Series) -> int:
    """Return the number of characters of the longest text of a categorical column."""
    return int(max(map(len, texts.cat.categories), default=0))


def _check_size(parquet: ParquetFile, name: str) -> None:
    metadata = parquet.metadata
    unpacked = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
    if metadata.num_rows > MOST_ROWS or metadata.num_columns > MOST_COLUMNS or unpacked > MOST_BYTES:
        raise _too_large(name)


def _too_large(name: str) -> InputError:
    return InputError(
        f"{name} has more than {MOST_ROWS:,} rows, {MOST_COLUMNS} columns, {MOST_BYTES // 1_000_000} MB or "
        f"{LONGEST_FIELD:,} characters in a field; keep only image_id and the predictions."
    )


def _read_text(file: GuestFile, name: str) -> Table:
    text = file.content.decode(text_encoding(file.content[:4]), errors="replace")
    if "\0" in text.rstrip("\0\x1a") or text.count("\ufffd") > 10 + len(text) // 100:
        raise InputError(f"{name} is not a text file; {SAVE_AGAIN}.")
    separator = _separator(next((line for line in text.splitlines() if line.strip()), ""))
    lines, rows = _rows(text, separator, name)
    if not rows:
        raise InputError(f"{name} is empty; {SAVE_AGAIN}.")
    is_number_above_words = rows[0] == ["0"] and len(rows) > 1 and not _is_number(rows[1][0])  # by pandas
    names = rows.pop(0) if is_number_above_words or is_header(rows[0]) else [""] * len(rows[0])
    lines = lines[len(lines) - len(rows) :]
    if rows and len(rows[0]) == len(names) + 1 and all(names):  # R's write.table does not name the row names
        names = ["", *names]
    for line, row in zip(lines, rows, strict=True):
        if len(row) != len(names):
            raise InputError(
                f"{name} has {len(row)} fields in line {line:,}, but {len(names)} in its first line; {SAVE_AGAIN}."
            )
    cells = np.array(rows, object).reshape(len(rows), len(names))
    columns = [pd.Series(cells[:, position], dtype=object) for position in range(len(names))]
    return Table(name, names, columns, lines)


def _separator(line: str) -> str:
    """Return the separator of a line. A semicolon or tab comes first: commas may then be decimal commas."""
    return next((mark for mark in (";", "\t", ",", "|") if mark in line), " ")


def _rows(text: str, separator: str, name: str) -> tuple[list[int], list[list[str]]]:
    """Return the line numbers and the fields of all lines that are not blank. Raises InputError if there are too many.

    Fields are without spaces around them. Texts by numpy.savetxt begin with # and have spaces between numbers, those
    by R's write.table have quotes around words.
    """
    lines: list[int] = []
    rows: list[list[str]] = []
    try:
        for line, fields in _split_lines(text, separator):
            if not any(fields) or (not rows and len(fields) == 1 and fields[0].lower().startswith("sep=")):
                continue
            if len(rows) > MOST_ROWS or len(fields) > MOST_COLUMNS or max(map(len, fields)) > LONGEST_FIELD:
                raise _too_large(name)
            lines.append(line)
            rows.append(fields)
    except csv.Error as error:
        raise InputError(f"{name} is not a CSV file ({shortened(error, 80)}); {SAVE_AGAIN}.") from error
    return lines, rows


def _split_lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    if separator == " ":
        for number, line in enumerate(text.splitlines(), start=1):
            words = line.removeprefix("#").strip("\0\x1a ").split()
            yield number, [word.strip('"') for word in words]
        return
    reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
    for fields in reader:
        stripped = [field.strip(" \0\x1a\t") for field in fields]
        yield reader.line_num, stripped


def is_header(fields: list[str]) -> bool:
    """Return whether the first line of a table names its columns.

    Numbers are values, unless they count the columns from 0 or 1, as pandas writes them: all seven columns, or a single
    one beside an index without a name. A single emotion is a label.
    """
    from core.data.sources.words import emotion_of

    numeric = [field for field in fields if _is_number(field)]
    if numeric:
        counted = [str(number) for number in range(len(numeric) + 1)]
        return (len(numeric) == 7 or not fields[0]) and numeric in (counted[:-1], counted[1:])
    return not (len(fields) <= 2 and emotion_of(fields[-1]))


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
