"""How much of a model's accuracy is left when its pictures get worse (Hendrycks and Dietterich 2019)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.classifiers.base import Classifier, LabelledFaces
from core.corruptions import CORRUPTIONS, STRENGTHS, corrupt
from core.evaluation import predicted_classes
from core.faces import Faces
from core.metrics import wilson_interval

SEED = 42

CLEAN = "clean"
"""The `corruption` of the row on the pictures as they are."""

COLUMNS = ["corruption", "strength", "amount", "unit", "n", "accuracy", "low", "high"]
"""Of robustness.csv: strength 1..5 (0 for clean), what it is in units, images, accuracy 0..1, its 95 % interval."""


def measure(
    classifier: Classifier,
    test: LabelledFaces,
    seed: int = SEED,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> pd.DataFrame:
    """Accuracy on the pictures as they are, then under each corruption at each strength: a row each, `COLUMNS`."""
    steps = [(name, strength) for name in CORRUPTIONS for strength in STRENGTHS]
    rows = [(CLEAN, 0, np.nan, "", *_accuracy(classifier, test.faces, test.labels))]
    for done, (name, strength) in enumerate(steps, start=1):
        corruption = CORRUPTIONS[name]
        figures = _accuracy(classifier, corrupt(test.faces, name, strength, seed), test.labels)
        rows.append((name, strength, corruption.amounts[strength - 1], corruption.unit, *figures))
        on_progress(done, len(steps))
    return pd.DataFrame(rows, columns=COLUMNS)


def _accuracy(classifier: Classifier, faces: Faces, labels: NDArray[np.int64]) -> tuple[int, float, float, float]:
    """n, accuracy and its 95 % Wilson interval."""
    right = int((predicted_classes(classifier, faces) == labels).sum())
    return len(labels), right / len(labels) if len(labels) else np.nan, *wilson_interval(right, len(labels))


def subset(test: LabelledFaces, limit: int | None, seed: int = SEED) -> LabelledFaces:
    """`limit` images drawn by the seed, in their order; all of them where there are no more, or for None."""
    n = len(test.labels)
    if limit is None or limit >= n:
        return test
    rows = np.sort(np.random.default_rng(seed).choice(n, limit, replace=False))
    return LabelledFaces(test.faces[rows], test.labels[rows])


def means(table: pd.DataFrame) -> "pd.Series[float]":
    """Corruption -> mean accuracy over its strengths, in the table's order; clean is not among them."""
    damaged = table[table["corruption"] != CLEAN]
    return damaged.groupby("corruption", sort=False)["accuracy"].mean()


def summary(table: pd.DataFrame) -> dict[str, Any]:
    """The table in JSON's types: clean, mean over the corruptions, and each corruption with its strengths."""
    each = means(table)
    return {
        "clean": _figures(table[table["corruption"] == CLEAN].iloc[0]),
        "mean": float(each.mean()),
        "corruptions": {
            name: {
                "mean": float(each[name]),
                "unit": rows["unit"].iloc[0],
                "strengths": [
                    {"strength": int(row["strength"]), "amount": float(row["amount"]), **_figures(row)}
                    for _, row in rows.iterrows()
                ],
            }
            for name, rows in table[table["corruption"] != CLEAN].groupby("corruption", sort=False)
        },
    }


def _figures(row: "pd.Series[Any]") -> dict[str, Any]:
    return {
        "n": int(row["n"]),
        "accuracy": float(row["accuracy"]),
        "accuracy_ci": [float(row["low"]), float(row["high"])],
    }
