"""What is known of the images of the data set in use: the manifest, near copies and doubts."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.review.doubts import SPLITS
from dashboard import resources

NO_LABEL = -1
"""Instead of the code of a label, where none is suggested."""


class Facts(NamedTuple):
    """Tables and arrays about the n images of the data set in use, which callers must not change."""

    manifest: pd.DataFrame
    pairs: pd.DataFrame | None
    """Near copies, without exact ones: image_id, copy_id, correlation, dx, dy, mirrored, and the positions `at` and
    `copy_at` of both images in the manifest. None if they are not known yet."""
    doubt: NDArray[np.float32] | None
    """(n,) the score of each label, 0..1, small is doubtful; NaN where there is none. None if no image has one."""
    suggested: NDArray[np.int8]
    """(n,) index in EMOTIONS of the label that is suggested for an image with a score; otherwise `NO_LABEL`."""
    ranks: NDArray[np.int32]
    """(n, 2) rank of the doubt about an image among all of test or of Training, and among those of its label.

    The most doubtful has the rank 1, an image without a score 0.
    """

    def correlation(self) -> NDArray[np.float32]:
        """Return the correlation of each image with its most similar near copy, (n,); NaN without any."""
        largest = np.full(len(self.manifest), np.nan, np.float32)
        if self.pairs is not None:
            # the largest comes last, so that it stays
            ordered = self.pairs.sort_values("correlation", kind="stable")
            largest[ordered["at"].to_numpy()] = ordered["correlation"].to_numpy()
        return largest


def load() -> Facts:
    """Return what is known of the data set in use now."""
    manifest = resources.data.manifest()
    return Facts(manifest, _near_pairs(manifest), *_doubts(len(manifest)))


def _near_pairs(manifest: pd.DataFrame) -> pd.DataFrame | None:
    pairs = resources.near_copies.pairs()
    if pairs is None:
        return None
    at, copy_at = (resources.data.positions(pairs[name]) for name in ("image_id", "copy_id"))
    groups = manifest["duplicate_group"].to_numpy()
    is_near = groups[at] != groups[copy_at]
    near: pd.DataFrame = pairs[is_near]
    return near.assign(at=at[is_near], copy_at=copy_at[is_near])


def _doubts(images: int) -> tuple[NDArray[np.float32] | None, NDArray[np.int8], NDArray[np.int32]]:
    scores, suggested = np.full(images, np.nan, np.float32), np.full(images, NO_LABEL, np.int8)
    ranks = np.zeros((images, 2), np.int32)
    tables = [table for split in SPLITS if (table := resources.doubts.of(split)) is not None]
    for table in tables:
        at = resources.data.positions(table["image_id"])
        scores[at], suggested[at] = table["score"].to_numpy(), table["suggested_label"].cat.codes.to_numpy()
        ranks[at] = table[["rank", "rank_in_class"]].to_numpy()
    return (scores if tables else None), suggested, ranks
