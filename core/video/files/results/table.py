"""The table of a film: one row per frame, face and model, stored in chunks and then as parquet and CSV."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.csv_out import csv_bytes
from core.emotions import PROBABILITY_COLUMNS
from core.files import damage_as_input_error
from core.recognition.reading import FACE_COLUMNS, MODEL_COLUMNS, Reading

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("time_s", "frame", "face", *FACE_COLUMNS, "model", *MODEL_COLUMNS)
"""Columns of the table.

`time_s` is the time of the frame since the beginning of the film. `frame` is its number, from 0. `face` numbers the
people in order of appearance, from 1. Boxes are in pixels of the frame as players show it.
"""

TYPES = {
    **dict.fromkeys(("time_s", "angle", "detection_confidence", "brightness", "sharpness", "confidence"), "double"),
    **dict.fromkeys(("frame", "face", "left", "top", "right", "bottom", "side"), "int64"),
    **dict.fromkeys(("model", "predicted_label", "reason"), "string"),
    **dict.fromkeys(PROBABILITY_COLUMNS, "double"),
    "certain": "bool",
}
"""Column -> name of its type in the parquet file. `angle`, `detection_confidence` and `reason` may be empty."""


def frame_rows(number: int, time_s: float, readings: Sequence[Reading]) -> list[tuple[object, ...]]:
    """Return the rows of one frame, with values in the order of `COLUMNS`."""
    return [row for reading in readings for row in reading.rows(round(time_s, 6), number, reading.number)]


def schema() -> "pa.Schema":
    """Return the columns and types of the parquet file."""
    import pyarrow as pa

    return pa.schema([(name, pa.type_for_alias(TYPES[name])) for name in COLUMNS])


def write_chunk(path: Path, rows: Sequence[tuple[object, ...]]) -> None:
    """Write rows as a parquet file."""
    import pyarrow as pa
    from pyarrow import parquet

    columns: dict[str, list[Any]] = {name: [row[index] for row in rows] for index, name in enumerate(COLUMNS)}
    with path.open("wb") as file:  # pyarrow itself opens no file whose name is not UTF-8
        parquet.write_table(pa.table(columns, schema=schema()), file)


def is_whole(path: Path) -> bool:
    """Return whether a parquet file is there and has its end, where its columns are listed."""
    from pyarrow import parquet

    try:
        with path.open("rb") as file:
            parquet.read_metadata(file)
    except (OSError, ValueError):  # pyarrow's error for damage is a ValueError
        return False
    return True


def read_chunks(paths: Iterable[Path]) -> Iterable[pd.DataFrame]:
    """Yield the tables of parquet files, one file after the other. Raises InputError for a damaged one."""
    for path in paths:
        with damage_as_input_error(path, "delete its folder and run the same command again"), path.open("rb") as file:
            table = pd.read_parquet(file)
        yield table


class TableWriter:
    """Write a table as parquet and CSV, chunk by chunk. Use it with `with`."""

    def __init__(self, parquet_path: Path, csv_path: Path) -> None:
        from pyarrow import parquet

        self._parquet_file = parquet_path.open("wb")
        self._parquet = parquet.ParquetWriter(self._parquet_file, schema())
        self._csv = csv_path.open("wb")
        self._has_header = False

    def __enter__(self) -> "TableWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._parquet.close()
        self._parquet_file.close()
        self._csv.close()

    def add(self, table: pd.DataFrame) -> None:
        """Append the rows of a table with `COLUMNS`."""
        import pyarrow as pa

        self._parquet.write_table(pa.Table.from_pandas(table, schema(), preserve_index=False))
        content = csv_bytes(table)
        self._csv.write(content.partition(b"\n")[2] if self._has_header else content)
        self._has_header = True
