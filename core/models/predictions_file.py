"""Read and check predictions.parquet, which others may have written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.exceptions import shortened
from core.files import ContentError
from core.models.plausible import ROUNDING

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

TEXT_COLUMNS = ("image_id", "predicted_label")
COLUMNS = (*TEXT_COLUMNS, "confidence", *PROBABILITY_COLUMNS)

MOST_ROWS, MOST_BYTES = 2_000_000, 500_000_000
"""Largest numbers of images and of bytes, also of the table without compression."""

TOLERANCE = 1e-3
"""Largest difference of the sum of an image's probabilities from 1, and of its confidence from the largest of them."""


def read_predictions_table(path: Path) -> pd.DataFrame:
    """Return the columns `COLUMNS`; other columns are ignored.

    Raises ContentError if a column is missing or has another type, if an image occurs twice, for an unknown label, and
    for numbers that are not probabilities. Also raises OSError and errors of pyarrow for a damaged file.
    """
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        _check_size(path, file)
        _check_types(file.schema_arrow)
    # As a dictionary, a text that is repeated in millions of rows takes its space once.
    with ParquetFile(path, read_dictionary=list(TEXT_COLUMNS)) as file:
        arrow_table = file.read(columns=list(COLUMNS), use_threads=False).combine_chunks()
    _check_ids(arrow_table.column("image_id"))
    # pandas' own metadata is ignored, because it could name other types and an index.
    table: pd.DataFrame = arrow_table.to_pandas(ignore_metadata=True)[list(COLUMNS)]
    table = table.assign(image_id=table["image_id"].astype("str"), predicted_label=_labels(table["predicted_label"]))
    _check_probabilities(table)
    return table


def _check_size(path: Path, file: ParquetFile) -> None:
    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    bytes_unpacked = sum(group.total_byte_size for group in groups)
    if file.metadata.num_rows > MOST_ROWS or max(path.stat().st_size, bytes_unpacked) > MOST_BYTES:
        raise ContentError(f"it has more than {MOST_ROWS:,} rows or {MOST_BYTES:,} bytes")


def _check_types(schema: pa.Schema) -> None:
    from pyarrow import types

    for name in COLUMNS:
        if (times := schema.names.count(name)) != 1:
            raise ContentError(f"the column {name} is {'repeated' if times else 'missing'}")
        kind = schema.field(name).type
        if name in TEXT_COLUMNS:
            kind = kind.value_type if types.is_dictionary(kind) else kind
            fits = types.is_string(kind) or types.is_large_string(kind)
        else:
            fits = types.is_floating(kind)
        if not fits:
            raise ContentError(f"the column {name} has the type {shortened(kind, 30)}")


def _check_ids(ids: pa.ChunkedArray) -> None:
    if ids.null_count:
        raise ContentError("an image_id is empty")
    if len(ids.unique()) < len(ids):
        raise ContentError("an image_id occurs twice")


def _labels(labels: pd.Series) -> pd.Series:
    unknown = sorted(set(labels.cat.categories[np.unique(labels.cat.codes[labels.notna()])]) - set(EMOTIONS))
    if unknown or labels.hasnans:
        raise ContentError(f"a predicted_label is {shortened(repr(unknown[0])) if unknown else 'empty'}")
    return labels.astype(EMOTION_DTYPE)


def _check_probabilities(table: pd.DataFrame) -> None:
    probabilities = table[list(PROBABILITY_COLUMNS)].to_numpy(np.float64)  # (n, 7)
    confidences = table["confidence"].to_numpy(np.float64)
    if not (np.isfinite(probabilities).all() and np.isfinite(confidences).all()):
        raise ContentError("a probability is not a finite number")
    if not ((probabilities >= -ROUNDING) & (probabilities <= 1 + ROUNDING)).all():
        raise ContentError("a probability is below 0 or above 1")
    if not (np.abs(probabilities.sum(axis=1) - 1) <= TOLERANCE).all():
        raise ContentError("the probabilities of an image do not add up to 1")
    largest = probabilities.max(axis=1, initial=0)
    if not (np.abs(confidences - largest) <= TOLERANCE).all():
        raise ContentError("a confidence is not the largest probability of its image")
    of_label = probabilities[np.arange(len(table)), table["predicted_label"].cat.codes]
    if not (of_label >= largest - TOLERANCE).all():
        raise ContentError("a predicted_label is not the most probable one of its image")
