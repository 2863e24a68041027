"""The table of out-of-sample predictions: written, read, damaged, and of another data set."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from core import paths
from core.data.importing import import_dataset
from core.data.shipped import FER2013_FINGERPRINT, shipped_manifest
from core.data.store import required_import
from core.emotions import PROBABILITY_COLUMNS
from core.evaluation import out_of_sample
from core.evaluation.out_of_sample import (
    FILE_NAME,
    Origin,
    identity,
    place_to_write,
    read_out_of_sample,
    write_out_of_sample,
)
from core.exceptions import InputError
from tests.fixtures import synthetic

ORIGIN = Origin("cnn-seed", {"epochs": [15], "seed": 42}, 5, 42, FER2013_FINGERPRINT)

IDS = pd.Series(["train/sad/Training_1", "train/happy/Training_2", "train/angry/Training_3"])

ROWS = np.array(
    [[0.1, 0.1, 0.1, 0.2, 0.1, 0.3, 0.1], [0, 0, 0, 1, 0, 0, 0], [0.5, 0.2, 0.1, 0.05, 0.05, 0.05, 0.05]], np.float32
)


@pytest.fixture
def file(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of FER2013's table in a home without one."""
    monkeypatch.setattr(paths, "ROOT", shipped)
    return paths.DATA_DIR / FILE_NAME


def test_what_is_written_is_read_back_with_its_origin(file):
    write_out_of_sample(file, IDS, ROWS, ORIGIN)
    found = read_out_of_sample(None)
    assert found.origin == ORIGIN
    assert found.predictions["image_id"].tolist() == IDS.tolist()
    assert found.predictions["predicted_label"].astype(str).tolist() == ["sad", "happy", "angry"]
    np.testing.assert_allclose(found.predictions[list(PROBABILITY_COLUMNS)], ROWS, atol=2.5e-4)
    np.testing.assert_allclose(found.predictions["confidence"], [0.3, 1, 0.5], atol=2.5e-4)


def test_without_a_file_there_is_no_table(file):
    assert read_out_of_sample(None) is None


def test_the_table_of_all_fer2013_takes_at_most_600_kb(tmp_path):
    manifest = shipped_manifest()
    training = manifest[manifest["usage"] == "Training"]
    logits = np.random.default_rng(0).normal(0, 2, (len(training), 7))
    logits[np.arange(len(training)), training["true_label"].cat.codes] += 2
    powers = np.exp(logits)
    probabilities = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    write_out_of_sample(tmp_path / FILE_NAME, training["image_id"], probabilities, ORIGIN)
    assert len(training) == 28_709 and (tmp_path / FILE_NAME).stat().st_size <= 600_000


def test_unfinished_folds_are_never_written(tmp_path):
    with pytest.raises(ValueError, match="not finite"):
        write_out_of_sample(tmp_path / FILE_NAME, IDS, np.full((3, 7), np.nan, np.float32), ORIGIN)
    assert list(tmp_path.iterdir()) == []


def rewrite(file: Path, **columns: object) -> None:
    """Replace columns of the table, whose metadata stay."""
    table = parquet.read_table(file)
    metadata = table.schema.metadata
    frame = table.to_pandas().assign(**columns)
    parquet.write_table(type(table).from_pandas(frame, preserve_index=False).replace_schema_metadata(metadata), file)


DAMAGES = {
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-50]),
    "empty": lambda file: file.write_bytes(b""),
    "text": lambda file: file.write_text("image_id,p_angry"),
    "overwritten": lambda file: file.write_bytes(b"PAR1" + b"\xff" * 300 + file.read_bytes()[304:]),
    "an id twice": lambda file: rewrite(file, image_id=["a", "a", "b"]),
    "no id": lambda file: rewrite(file, image_id=["a", None, "b"]),
    "ids are numbers": lambda file: rewrite(file, image_id=[1, 2, 3]),
    "NaN": lambda file: rewrite(file, p_sad=np.full(3, np.nan, np.float32)),
    "negative": lambda file: rewrite(file, p_sad=np.float32(-0.1)),
    "sums": lambda file: rewrite(file, p_sad=np.float32(0.9)),
    "texts": lambda file: rewrite(file, p_sad=["0", "0", "0"]),
    "no column": lambda file: parquet.write_table(parquet.read_table(file).drop_columns(["p_sad"]), file),
    "no origin": lambda file: parquet.write_table(parquet.read_table(file).replace_schema_metadata(None), file),
    "bad origin": lambda file: parquet.write_table(
        parquet.read_table(file).replace_schema_metadata({out_of_sample.METADATA_KEY: b'{"recipe": 3}'}), file
    ),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_table_is_named_in_a_sentence(file, damage):
    write_out_of_sample(file, IDS, ROWS, ORIGIN)
    damage(file)
    with pytest.raises(InputError, match=r"training_predictions.parquet is damaged.*restore it") as error:
        read_out_of_sample(None)
    assert len(str(error.value)) <= 300


def test_the_table_of_fer2013_lies_beside_the_shipped_manifest_and_another_in_its_import(file, shipped, tmp_path):
    import_dataset(synthetic.write_zip(tmp_path / "all.zip", synthetic.files()))
    assert identity(required_import()) == FER2013_FINGERPRINT
    assert place_to_write(required_import()) == file
    content = {name: data for name, data in synthetic.files().items() if "sad/PublicTest_0" not in name}
    import_dataset(synthetic.write_zip(tmp_path / "other.zip", content))
    data = required_import()
    assert identity(data) == data.fingerprint != FER2013_FINGERPRINT
    assert place_to_write(data) == data.folder / FILE_NAME


def test_a_table_of_another_data_set_is_refused_and_the_own_one_comes_first(file, shipped, tmp_path):
    content = {name: data for name, data in synthetic.files().items() if "sad/PublicTest_0" not in name}
    import_dataset(synthetic.write_zip(tmp_path / "other.zip", content))
    data = required_import()
    write_out_of_sample(file, IDS, ROWS, ORIGIN)
    assert read_out_of_sample(data).origin == ORIGIN
    own = Origin("catboost", {}, 5, 1, data.fingerprint)
    write_out_of_sample(data.folder / FILE_NAME, IDS, ROWS, own)
    assert read_out_of_sample(data).origin == own
    write_out_of_sample(data.folder / FILE_NAME, IDS, ROWS, Origin("catboost", {}, 5, 1, "0123456789abcdef"))
    with pytest.raises(InputError, match=r"was made for another data set; delete it, or write it again"):
        read_out_of_sample(data)


def test_a_folder_of_the_tables_name_is_no_table(file):
    file.mkdir()
    assert read_out_of_sample(None) is None
