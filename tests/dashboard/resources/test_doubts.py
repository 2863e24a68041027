"""The cached tables of doubts: they follow the files, and unreadable files leave them out."""

import numpy as np
import pytest

from core import paths
from core.data.shipped import FER2013_FINGERPRINT, load_manifest
from core.evaluation.out_of_sample import FILE_NAME, Origin, write_out_of_sample
from dashboard.resources import doubts
from tests.fixtures.networks import write_network


@pytest.fixture(autouse=True)
def home_of_one_session(shipped, one_session_with_empty_caches, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", shipped)


def write_training(value: float = 1 / 7) -> None:
    manifest = load_manifest()
    ids = manifest.loc[manifest["usage"] == "Training", "image_id"]
    probabilities = np.full((len(ids), 7), (1 - value) / 6, np.float32)
    probabilities[:, 0] = value
    origin = Origin("cnn-seed", {}, 5, 42, FER2013_FINGERPRINT)
    write_out_of_sample(paths.DATA_DIR / FILE_NAME, ids, probabilities, origin)


def test_without_predictions_nothing_is_known():
    for split in ("test", "training"):
        assert doubts.of(split) is None and doubts.fault(split) is None
    assert doubts.agreement() is None


def test_tables_are_read_once_and_again_when_the_files_change():
    write_network()
    write_training()
    assert len(doubts.of("test")) == 28 and len(doubts.of("training")) == 70
    assert doubts.of("test") is doubts.of("test") and doubts.of("training") is doubts.of("training")
    assert doubts.of("training")["score"].max() == pytest.approx(1 / 7, abs=1e-3)
    write_training(0.4)
    assert doubts.of("training")["score"].max() == pytest.approx(0.4, abs=1e-3)


def test_unreadable_predictions_are_left_out_and_named():
    folder = write_network()
    write_training()
    (paths.DATA_DIR / FILE_NAME).write_bytes(b"damaged")
    (folder / "predictions.parquet").write_bytes(b"damaged")
    for split, name in (("test", "predictions.parquet"), ("training", FILE_NAME)):
        assert doubts.of(split) is None
        assert f"{name} is damaged" in doubts.fault(split)
    assert doubts.agreement() is None
