"""Estimate by how much the best of several equally accurate models exceeds their mean accuracy by chance.

`python -m tests.project.looks` does this for the models of the training rounds of `cnn`. Correct predictions count 1,
wrong ones 0. The mean of each model's values on the test images is subtracted from them, so that all models are equally
accurate. In each bootstrap resample of the test images, the best model is compared with the mean of all models.
"""

import numpy as np

from core.commands.models.markdown import ROUNDS
from core.data.shipped import shipped_manifest
from core.evaluation.predictions import scored_predictions
from core.evaluation.slices import slice_rows

RESAMPLES = 4000
"""Number of bootstrap resamples of the test images."""


def main() -> None:
    manifest = shipped_manifest()
    tables = [slice_rows(scored_predictions(name, manifest), "test") for name in ROUNDS]
    correct = np.array([table["predicted_label"].astype(str) == table["true_label"].astype(str) for table in tables])
    centred = correct - correct.mean(axis=1, keepdims=True)
    n = correct.shape[1]
    # (resamples, n): how many times each resample draws each image, divided by n
    weights = np.random.default_rng(0).multinomial(n, [1 / n] * n, size=RESAMPLES) / n
    accuracies = weights @ centred.T  # (resamples, models), relative to the common accuracy
    excess = 100 * (accuracies.max(axis=1) - accuracies.mean(axis=1))
    print(
        f"{len(ROUNDS)} models, {n:,} test images: the best exceeds the mean of all by {excess.mean():.2f} points on "
        f"average, and by more than {np.quantile(excess, 0.95):.2f} in one of twenty resamples."
    )


if __name__ == "__main__":
    main()
