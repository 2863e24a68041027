"""The table of out-of-sample predictions: each Training image by a model that was not trained on it.

`python -m core cross-validate` writes it. That of FER2013 ships with FERscope; that of another data set lies beside its
imported images.
"""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core import paths
from core.classifiers.base import Probabilities
from core.data.shipped import FER2013_FINGERPRINT, SHIPPED_REMEDY, is_fer2013
from core.data.store import Import
from core.emotions import PROBABILITY_COLUMNS
from core.evaluation.predictions import predictions_table
from core.exceptions import InputError, shortened
from core.files import ContentError, damage_as_input_error, json_line, replace_file
from core.models.strict_json import parse_json
from core.models.typed_json import from_json

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

FILE_NAME = "training_predictions.parquet"

METADATA_KEY = b"ferscope"
"""Key of the table's `Origin`, as JSON, in the metadata of the parquet file."""

MOST_ROWS, MOST_BYTES = 2_000_000, 100_000_000
"""Largest numbers of images and of bytes; FER2013's table has 28,709 and about 460,000."""

TOLERANCE = 5e-3
"""Largest difference of the sum of an image's probabilities from 1; 16 bits make it differ by up to 0.002."""

OWN_REMEDY = "delete it, or write it again with `python -m core cross-validate RECIPE`"


@dataclass(frozen=True)
class Origin:
    """How a table of out-of-sample predictions was made."""

    recipe: str
    """Name of the recipe that the models of all folds were trained with."""
    config: Any
    """The recipe's settings, as JSON values."""
    folds: int
    seed: int
    data_fingerprint: str
    """That of the import; FER2013's, whatever file FER2013 was imported from."""


@dataclass(frozen=True, eq=False)
class OutOfSample:
    """The out-of-sample predictions of Training images, and how they were made."""

    predictions: pd.DataFrame
    """A predictions table: image_id, predicted_label, confidence and the probabilities."""
    origin: Origin


def identity(data: Import) -> str:
    """Return the fingerprint under which a data set's table is stored: FER2013's, whatever file it came from."""
    return FER2013_FINGERPRINT if is_fer2013(data.manifest()) else data.fingerprint


def place_to_write(data: Import) -> Path:
    """Return where the table of a data set belongs: beside the shipped manifest for FER2013, or in its own folder."""
    return (paths.DATA_DIR if identity(data) == FER2013_FINGERPRINT else data.folder) / FILE_NAME


def places_to_read(data: Import | None) -> list[Path]:
    """Return the places of a data set's table, the first one first. `data` is None if nothing is imported.

    The shipped table also serves other data sets, as far as they have images of FER2013.
    """
    own = [data.folder / FILE_NAME] if data else []
    return [*own, paths.DATA_DIR / FILE_NAME, paths.ROOT / "data" / FILE_NAME]


def read_out_of_sample(data: Import | None) -> OutOfSample | None:
    """Return the table for the data set in use, or None if there is none. It may have images that the data set lacks.

    Raises InputError if it is damaged, or was made for other images.
    """
    file = next((place for place in places_to_read(data) if place.is_file()), None)
    if file is None:
        return None
    is_own = data is not None and file.parent == data.folder
    remedy = OWN_REMEDY if is_own else SHIPPED_REMEDY
    with damage_as_input_error(file, remedy):
        found = _read(file)
    expected = data.fingerprint if data is not None and is_own else FER2013_FINGERPRINT
    if found.origin.data_fingerprint != expected:
        raise InputError(f"{shortened(file, 120)} was made for another data set; {remedy}.")
    return found


def write_out_of_sample(file: Path, image_ids: pd.Series[str], probabilities: Probabilities, origin: Origin) -> None:
    """Write the probabilities of images, (n, 7), as a parquet file of 16-bit numbers.

    Raises ValueError if a probability is not finite, as in folds that are not finished, and OSError, as on a full disk.
    """
    import pyarrow as pa
    from pyarrow import parquet

    if not np.isfinite(probabilities).all():
        raise ValueError("a probability is not finite")
    columns = {"image_id": pa.array(image_ids.astype(str), pa.string())}
    columns |= {
        name: pa.array(np.ascontiguousarray(column))
        for name, column in zip(PROBABILITY_COLUMNS, probabilities.astype(np.float16).T, strict=True)
    }
    table = pa.table(columns).replace_schema_metadata({METADATA_KEY: json_line(asdict(origin)).encode()})
    buffer = io.BytesIO()
    # Dictionaries would only repeat the values, and splitting the bytes of numbers makes the file smaller.
    parquet.write_table(
        table,
        buffer,
        compression="zstd",
        compression_level=19,
        use_dictionary=False,
        use_byte_stream_split=list(PROBABILITY_COLUMNS),
    )
    replace_file(file, buffer.getvalue())


def _read(path: Path) -> OutOfSample:
    """Raises ContentError for content that no such table can have, and errors of pyarrow for a damaged file."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        _check_form(path, file)
        metadata = (file.schema_arrow.metadata or {}).get(METADATA_KEY)
        if metadata is None:
            raise ContentError("it does not say how it was made")
        origin = from_json(Origin, parse_json(metadata))
        table = file.read(columns=["image_id", *PROBABILITY_COLUMNS], use_threads=False)
    ids = table.column("image_id")
    if ids.null_count or len(ids.unique()) < len(ids):
        raise ContentError("an image_id is empty or occurs twice")
    probabilities = np.column_stack([table.column(name).to_numpy() for name in PROBABILITY_COLUMNS]).astype(np.float32)
    _check_probabilities(probabilities)
    return OutOfSample(predictions_table(ids.to_pandas().astype("str"), probabilities), origin)


def _check_form(path: Path, file: ParquetFile) -> None:
    from pyarrow import types

    groups = [file.metadata.row_group(number).total_byte_size for number in range(file.metadata.num_row_groups)]
    if file.metadata.num_rows > MOST_ROWS or max(path.stat().st_size, sum(groups)) > MOST_BYTES:
        raise ContentError(f"it has more than {MOST_ROWS:,} rows or {MOST_BYTES:,} bytes")
    schema = file.schema_arrow
    for name in ("image_id", *PROBABILITY_COLUMNS):
        if schema.names.count(name) != 1:
            raise ContentError(f"the column {name} is missing or repeated")
        kind = schema.field(name).type
        is_text = types.is_string(kind) or types.is_large_string(kind)
        if not (is_text if name == "image_id" else types.is_floating(kind)):
            raise ContentError(f"the column {name} has the type {shortened(kind, 30)}")


def _check_probabilities(probabilities: Probabilities) -> None:
    if not np.isfinite(probabilities).all():
        raise ContentError("a probability is not a finite number")
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ContentError("a probability is below 0 or above 1")
    if not (np.abs(probabilities.sum(axis=1) - 1) <= TOLERANCE).all():
        raise ContentError("the probabilities of an image do not add up to 1")
