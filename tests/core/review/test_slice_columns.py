"""The columns that some slices need beyond those of predictions, from the disk."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from core.data import near_copies
from core.data.shipped import load_manifest
from core.data.store import required_import
from core.evaluation.slices import SLICES, slice_rows
from core.models.store import read_card, read_predictions, write_card
from core.review import store
from core.review.data_set import data_set_name
from core.review.marks import Mark
from core.review.slice_columns import COLUMNS, DOUBT, MARKED, NEAR_COPY, columns_of, with_slice_columns
from tests.fixtures.models import write_model

IMAGE = "test/sad/PublicTest_0"
LEAKED = "test/fear/PublicTest_0"


def test_each_column_that_a_slice_needs_is_known_or_of_two_models():
    needed = {column for entry in SLICES.values() for column in entry.columns}
    assert needed == {*COLUMNS, "predicted_label_a", "predicted_label_b"}


def test_only_the_columns_that_a_slice_needs_are_looked_up():
    asked: list[str] = []
    ids = {column: lambda column=column: asked.append(column) or {"a"} for column in COLUMNS}
    table = pd.DataFrame({"image_id": ["a", "b"]})
    assert with_slice_columns(table, "leak_free,dark,agree", ids) is table and not asked
    found = with_slice_columns(table, "marked,no_near_copies", ids)
    assert asked == [MARKED, NEAR_COPY] == list(columns_of("leak_free,no_near_copies,marked"))
    assert found[MARKED].tolist() == found[NEAR_COPY].tolist() == [True, False] and list(table) == ["image_id"]


def test_a_column_that_is_not_known_is_left_out():
    table = pd.DataFrame({"image_id": ["a"]})
    assert list(with_slice_columns(table, "not_doubtful", {DOUBT: lambda: None})) == ["image_id"]


@pytest.fixture
def data(imported: Path) -> Path:
    """The synthetic FER2013, and a default network with predictions."""
    folder = write_model("cnn", skill=1, seed=1)
    write_card(replace(read_card("cnn"), role="default"), folder)
    return imported


def test_the_stored_marks_near_copies_and_doubts_are_used(data: Path):
    near_copies.search_pairs(required_import())
    store.add(data_set_name(), [Mark(IMAGE, "ambiguous", None, "", "2026-01-01T00:00:00Z")])
    manifest = load_manifest()
    assert slice_rows(with_slice_columns(manifest, "marked"), "marked")["image_id"].tolist() == [IMAGE]
    clean = set(slice_rows(with_slice_columns(manifest, "no_near_copies"), "no_near_copies")["image_id"])
    assert LEAKED not in clean and IMAGE in clean and len(clean) < 28
    scored = manifest.merge(read_predictions("cnn"), on="image_id")
    labels = scored["true_label"].astype(str)
    score = pd.Series([row[f"p_{label}"] for label, (_, row) in zip(labels, scored.iterrows(), strict=True)])
    expected = set(scored.loc[(scored["split"] == "test") & (score >= 0.05).to_numpy(), "image_id"])
    found = slice_rows(with_slice_columns(manifest, "not_doubtful"), "not_doubtful")
    assert set(found["image_id"]) == expected and 0 < len(expected) < 28
