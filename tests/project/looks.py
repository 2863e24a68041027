"""By how much may the best of several models flatter? `python -m tests.project.looks` answers it for the rounds of cnn.

The models' hits and misses on the test images are shifted so that all models are equally accurate. Test images are then
resampled (bootstrap), and the best model of each resample is compared with the common accuracy.
"""

import numpy as np

from core.commands.models.markdown import ROUNDS
from core.data.shipped import shipped_manifest
from core.evaluation.predictions import scored_predictions
from core.evaluation.slices import slice_rows

RESAMPLES = 4000


def main() -> None:
    manifest = shipped_manifest()
    tables = [slice_rows(scored_predictions(name, manifest), "test") for name in ROUNDS]
    hits = np.array([table["predicted_label"].astype(str) == table["true_label"].astype(str) for table in tables])
    centred = hits - hits.mean(axis=1, keepdims=True)
    n = hits.shape[1]
    weights = np.random.default_rng(0).multinomial(n, [1 / n] * n, size=RESAMPLES) / n
    best = (weights @ centred.T).max(axis=1)
    print(f"{len(ROUNDS)} models, {n:,} test images: the best exceeds the mean by {100 * best.mean():.2f} points.")


if __name__ == "__main__":
    main()
