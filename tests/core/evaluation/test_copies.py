"""What copies are worth: counted by hand, and for FER2013 by the default network's stored predictions."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from core import paths
from core.columns import EMOTION_DTYPE, SPLIT_DTYPE
from core.data.near_copies import load_pairs
from core.data.shipped import shipped_manifest
from core.evaluation.copies import EXACT, NEAR_ONLY, NEITHER, worth_of_copies
from core.evaluation.predictions import scored_predictions
from core.evaluation.slices import slice_rows
from core.review.slice_columns import with_slice_columns

ROWS = [
    # image, split, leaked, true label, predicted label
    ("a", "test", True, "sad", "sad"),
    ("b", "test", True, "sad", "fear"),
    ("c", "test", False, "sad", "sad"),  # a near copy
    ("d", "test", False, "sad", "happy"),  # a copy with a correlation below 0.98
    ("e", "test", False, "fear", "fear"),
    ("f", "val", False, "fear", "fear"),
]
SCORED = pd.DataFrame(ROWS, columns=["image_id", "split", "leaked", "true_label", "predicted_label"]).astype(
    {"split": SPLIT_DTYPE, "true_label": EMOTION_DTYPE, "predicted_label": EMOTION_DTYPE}
)
PAIRS = pd.DataFrame({"image_id": ["a", "c", "d"], "correlation": np.array([1, 0.99, 0.96], np.float32)})


def rows_of(worth: pd.DataFrame) -> dict[str, tuple[int, float]]:
    return {row.copies: (row.images, row.accuracy) for row in worth.itertuples()}


def test_images_are_counted_once_and_without_those_of_other_splits():
    assert rows_of(worth_of_copies(SCORED, PAIRS)) == {EXACT: (2, 0.5), NEAR_ONLY: (2, 0.5), NEITHER: (1, 1.0)}
    assert rows_of(worth_of_copies(SCORED, PAIRS, 0.98)) == {EXACT: (2, 0.5), NEAR_ONLY: (1, 1.0), NEITHER: (2, 0.5)}


def test_without_images_there_is_no_accuracy():
    worth = worth_of_copies(SCORED[SCORED["leaked"]], PAIRS)
    assert worth["images"].tolist() == [2, 0, 0]
    assert worth.loc[1:, ["accuracy", "low", "high"]].isna().all(axis=None)


def test_the_default_network_on_fer2013(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "DATA_DIR", tmp_path)  # the shipped tables, whatever is imported
    scored, pairs = scored_predictions("cnn", shipped_manifest()), load_pairs()
    worth = worth_of_copies(scored, pairs).set_index("copies")
    assert worth["images"].to_dict() == {EXACT: 568, NEAR_ONLY: 584, NEITHER: 6026}
    for row in worth.itertuples():
        ends = proportion_confint(round(row.accuracy * row.images), row.images, method="wilson")
        assert (row.low, row.high) == pytest.approx(ends, abs=1e-6)
    rest = slice_rows(with_slice_columns(scored, "no_near_copies"), "no_near_copies")
    assert len(rest) == 6026
    is_right = rest["true_label"].astype(str) == rest["predicted_label"].astype(str)
    assert worth.loc[NEITHER, "accuracy"] == is_right.mean()
