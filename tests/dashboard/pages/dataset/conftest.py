"""Near copies and doubts of the synthetic data set, as if they had been computed."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from core.data.shipped import load_manifest
from core.emotions import EMOTIONS
from dashboard import resources

NEAR_PAIRS = (
    # test image, Training image, correlation, dx, dy, mirrored
    ("test/angry/PublicTest_1", "train/angry/Training_7", 0.99, 1, -2, False),
    ("test/angry/PublicTest_1", "train/sad/Training_8", 0.96, 0, 0, True),
    ("test/sad/PrivateTest_0", "train/sad/Training_8", 0.97, 0, 0, False),
    ("test/fear/PublicTest_0", "train/fear/Training_3", 1.0, 0, 0, False),  # an exact copy
)


def near_pairs() -> pd.DataFrame:
    columns = ["image_id", "copy_id", "correlation", "dx", "dy", "mirrored"]
    return pd.DataFrame(list(NEAR_PAIRS), columns=columns).astype(
        {"correlation": "float32", "dx": "int8", "dy": "int8"}
    )


def doubt_table(split: str) -> pd.DataFrame | None:
    """Return doubts about the test images: each 100th of the score is one rank; the next emotion is suggested."""
    if split != "test":
        return None
    manifest = load_manifest()
    rows = manifest[manifest["split"] == "test"].reset_index(drop=True)
    codes = (rows["true_label"].cat.codes + 1) % len(EMOTIONS)
    suggested = pd.Categorical.from_codes(codes, dtype=rows["true_label"].dtype)
    table = pd.DataFrame(
        {
            "image_id": rows["image_id"],
            "true_label": rows["true_label"],
            "suggested_label": suggested,
            "score": (np.arange(len(rows)) + 1) / 100,
            "rank": np.arange(len(rows)) + 1,
        }
    )
    return table.assign(rank_in_class=table.groupby("true_label", observed=True).cumcount() + 1)


@pytest.fixture
def with_near_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources.near_copies, "pairs", near_pairs)


@pytest.fixture
def without_near_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources.near_copies, "pairs", lambda: None)


@pytest.fixture
def set_doubts(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Set whether the test images have doubts; without this fixture there are none without models."""
    return lambda there: monkeypatch.setattr(resources.doubts, "of", doubt_table if there else lambda split: None)
