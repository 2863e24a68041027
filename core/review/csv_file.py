"""Marks as a CSV file, and back. What was written is read as the same marks."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from core.csv_out import original
from core.data.sources.csv_rows import text_encoding
from core.exceptions import InputError, shortened
from core.review.marks import Mark, checked, in_order

COLUMNS = ("data_set", "image_id", "kind", "label", "note", "time")

MOST_BYTES, MOST_ROWS = 200_000_000, 1_000_000
"""Largest size of a file, and its largest number of rows. FER2013 can have 143,548 marks."""

NOTHING = "Nothing was imported."


def table(data_set: str, marks: Iterable[Mark]) -> pd.DataFrame:
    """Return marks as a table for `csv_bytes`, one row per mark, the oldest first. A mark without a label has None."""
    rows = [(data_set, mark.image_id, mark.kind, mark.label, mark.note, mark.time) for mark in in_order(marks)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def read(content: bytes, data_set: str, true_labels: Mapping[str, str]) -> list[Mark]:
    """Return the marks in a CSV file of this data set, whose images have these true labels.

    Raises InputError, which names the row, for anything that is not a mark of this data set.
    """
    rows = _rows(content)
    header = next(rows, (0, []))[1]
    if sorted(header) != sorted(COLUMNS):
        raise InputError(
            f"The file is no list of marks: its first row must be {','.join(COLUMNS)}, but is "
            f"'{shortened(','.join(header), 80)}'. {NOTHING}"
        )
    places: dict[tuple[str, str], int] = {}
    marks = []
    for number, row in rows:
        mark = _mark(number, row, header, data_set, true_labels)
        if (earlier := places.setdefault(mark.key, number)) != number:
            raise _in_row(number, f"row {earlier:,} is about the same image and kind; keep one of them.")
        marks.append(mark)
    return marks


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each row with text, counted from 1 as in a spreadsheet."""
    try:
        text = content.decode(text_encoding(content[:4]))
    except UnicodeDecodeError as error:
        raise InputError(f"The file is no text in UTF-8; save it again as CSV in UTF-8. {NOTHING}") from error
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    number = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            if number > MOST_ROWS:
                raise InputError(f"The file has more than {MOST_ROWS:,} rows; split it. {NOTHING}")
            if any(row):  # spreadsheets write rows of separators alone
                yield number, [original(cell) for cell in row]
    except csv.Error as error:
        raise _in_row(number + 1, f"it is not CSV ({shortened(error, 80)}); save the file again.") from error


def _mark(number: int, row: list[str], header: list[str], data_set: str, true_labels: Mapping[str, str]) -> Mark:
    if len(row) != len(header):
        raise _in_row(number, f"it has {len(row)} cells instead of {len(header)}; complete it, or remove it.")
    cells = dict(zip(header, row, strict=True))
    if cells["data_set"] != data_set:
        raise _in_row(
            number,
            f"it is about the data set '{shortened(cells['data_set'], 40)}', but '{data_set}' is in use; import that "
            "data set first.",
        )
    mark = Mark(cells["image_id"], cells["kind"], cells["label"] or None, cells["note"], cells["time"])
    try:
        return checked(mark, true_labels)
    except InputError as error:
        raise _in_row(number, str(error)) from error


def _in_row(number: int, reason: str) -> InputError:
    return InputError(f"Row {number:,}: {reason} {NOTHING}")
