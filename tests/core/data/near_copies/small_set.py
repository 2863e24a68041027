"""A small data set with near copies that were made on purpose."""

import numpy as np
import pandas as pd

from core.columns import EMOTION_DTYPE, SPLIT_DTYPE, USAGE_DTYPE
from core.data.measures import is_blank
from tests.fixtures.synthetic import draw_face

TRAINING = 14
"""Number of Training images; the first ones are the originals of the test images."""


def moved(face: np.ndarray, dy: int, dx: int) -> np.ndarray:
    """Return a picture of which the camera was moved: the pixel (y, x) is now at (y + dy, x + dx)."""
    return np.pad(face, 6, mode="reflect")[6 - dy : 54 - dy, 6 - dx : 54 - dx]


def small_set() -> tuple[np.ndarray, pd.DataFrame]:
    """Return faces, (n, 48, 48) uint8, and a manifest with the columns that the search needs."""
    originals = [draw_face(seed) for seed in range(TRAINING - 1)]
    blank = np.full((48, 48), 90, np.uint8)
    tests = [
        originals[0],  # an exact copy
        moved(originals[1], 3, -2),
        moved(originals[2], -4, 4)[:, ::-1],
        (originals[3] * 0.5 + 40).astype(np.uint8),  # darker, with less contrast
        draw_face(500),  # no copy
        blank,
        moved(originals[4], 0, 6),  # shifted too far
    ]
    faces = np.stack([*originals, blank, *tests]).astype(np.uint8)
    names = [f"train/sad/Training_{n}" for n in range(TRAINING)] + [
        f"test/sad/PublicTest_{n}" for n in range(len(tests))
    ]
    usage = ["Training"] * TRAINING + ["PublicTest"] * len(tests)
    table = pd.DataFrame(
        {"image_id": names, "usage": pd.Categorical(usage, dtype=USAGE_DTYPE), "blank": is_blank(faces)}
    )
    table["split"] = pd.Categorical(["train"] * TRAINING + ["test"] * len(tests), dtype=SPLIT_DTYPE)
    table["true_label"] = pd.Categorical(["sad"] * len(table), dtype=EMOTION_DTYPE)
    return faces, table
