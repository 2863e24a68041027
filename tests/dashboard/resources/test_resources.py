"""Cached models, predictions and faces: they follow changes on disk. Also: the setting FERSCOPE_READ_ONLY."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st

from core import paths
from core.data.importing import import_dataset
from dashboard import resources, switches
from dashboard.resources.stamps import fingerprint
from tests.fixtures.fakes import FakeClassifier
from tests.fixtures.models import write_model


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.mark.parametrize(
    ("value", "expected"), [(None, False), ("", False), ("0", False), ("false", False), ("1", True)]
)
def test_read_only_setting_is_off_unless_switched_on(
    value: str | None, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FERSCOPE_READ_ONLY", raising=False)
    if value is not None:
        monkeypatch.setenv("FERSCOPE_READ_ONLY", value)
    assert switches.read_only() is expected


def test_without_models_there_are_no_names_and_no_faults(shipped: Path) -> None:
    assert resources.models.model_names() == []
    assert resources.models.model_faults() == {}


def test_model_with_a_damaged_card_is_left_out_and_reported_as_a_fault(shipped: Path) -> None:
    write_model("whole", skill=1)
    (paths.MODELS_DIR / "damaged").mkdir()
    (paths.MODELS_DIR / "damaged" / "card.json").write_text("nonsense")
    assert resources.models.model_names() == ["whole"]
    assert "card.json is damaged" in resources.models.model_faults()["damaged"]


def test_new_models_and_changed_predictions_appear_despite_the_cache(shipped: Path) -> None:
    folder = write_model("one", skill=1)
    assert len(resources.predictions.scored("one")) > 3
    write_model("two", skill=1)
    assert resources.models.model_names() == ["one", "two"]
    pd.read_parquet(folder / "predictions.parquet").head(3).to_parquet(folder / "predictions.parquet")
    os.utime(folder / "predictions.parquet", ns=(1, 2**62))  # a new time of change, even on a coarse clock
    assert len(resources.predictions.scored("one")) == 3


def test_fingerprint_and_faces_are_none_without_an_import(shipped: Path) -> None:
    assert fingerprint() is None
    assert resources.data.faces() is None
    assert resources.data.faces_of(resources.data.manifest()["image_id"]) is None


def test_faces_appear_after_an_import(shipped: Path, archive: Path) -> None:
    assert resources.data.faces() is None
    import_dataset(archive)
    assert len(resources.data.faces()) == len(resources.data.manifest()) == 98


def test_faces_of_images_are_in_the_order_of_the_given_ids(imported: Path) -> None:
    rows = [5, 0, 17]
    ids = resources.data.manifest()["image_id"].iloc[rows]
    assert np.array_equal(resources.data.faces_of(ids), resources.data.faces()[rows])
    assert resources.data.faces_of(ids.head(0)).shape == (0, 48, 48)


def test_only_images_of_the_data_set_in_use_are_known_and_have_a_position(imported: Path) -> None:
    manifest = resources.data.manifest()
    assert list(resources.data.positions(list(manifest["image_id"].iloc[[7, 2]]))) == [7, 2]
    assert resources.data.is_known(manifest["image_id"].iloc[7])
    assert not resources.data.is_known("test/happy/none") and not resources.data.is_known("")


def test_model_paired_with_itself_has_no_difference(shipped: Path) -> None:
    write_model("alone", skill=2)
    assert len(resources.predictions.pairs("alone", "alone")) == len(resources.predictions.scored("alone"))
    difference = resources.comparisons.compare("alone", "alone", "test").differences.accuracy
    assert (difference.delta, difference.low, difference.high) == (0, 0, 0)


def test_each_of_twenty_models_is_loaded_only_once(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"model-{number}" for number in range(20)]
    for name in names:
        (paths.MODELS_DIR / name).mkdir()
    loaded = []
    monkeypatch.setattr(resources.recognition, "load_classifier", lambda name: loaded.append(name) or FakeClassifier())
    for _ in range(2):
        for name in names:
            resources.recognition.shared_classifier(name)
    assert loaded == names
