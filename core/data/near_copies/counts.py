"""How many test images have near copies."""

import pandas as pd

from core.data.near_copies.pairs import NEAR, SAME_PICTURE, is_at_least

LIMITS = SAME_PICTURE, NEAR
"""Correlations for which near copies are counted."""


def near_counts(manifest: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return the limit as text, such as "0.95" -> counts of the test images with a near copy.

    `test_images` have a near copy with at least this correlation after the best alignment. `without_exact_copy` of
    these have no exact copy in Training. `other_label` of the latter have another label than one of their near copies.
    `unaligned` test images have a near copy with at least this correlation without any alignment.
    """
    images = manifest.set_index("image_id")
    labels = images["true_label"].astype(str)
    pairs = pairs.assign(
        has_exact=images["leaked"].reindex(pairs["image_id"]).to_numpy(),
        is_other=labels.reindex(pairs["image_id"]).to_numpy() != labels.reindex(pairs["copy_id"]).to_numpy(),
    )
    counts = {}
    for limit in LIMITS:
        near = pairs[is_at_least(pairs["correlation"], limit)]
        new = near[~near["has_exact"]]
        counts[f"{limit:.2f}"] = {
            "test_images": near["image_id"].nunique(),
            "without_exact_copy": new["image_id"].nunique(),
            "other_label": new.loc[new["is_other"], "image_id"].nunique(),
            "unaligned": pairs.loc[is_at_least(pairs["unaligned"], limit), "image_id"].nunique(),
        }
    return counts
