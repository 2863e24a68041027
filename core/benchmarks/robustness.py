"""How much of a model's accuracy is left when its pictures get worse (Hendrycks and Dietterich 2019)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.benchmarks.corruptions import CORRUPTIONS, STRENGTHS, corrupt
from core.callbacks import Progress, no_progress
from core.classifiers.base import LabelledFaces, Predicts
from core.evaluation.intervals import wilson_interval
from core.evaluation.predictions import predicted_classes
from core.files import damage_in_words, replace_file
from core.models.card import Interval
from core.models.folders import model_folder
from core.vision.crops import Faces

ROBUSTNESS = "robustness.csv"
"""The file of a model's folder; a new training removes it with the old weights."""

SEED = 42

CLEAN = "clean"
"""The `corruption` of the row on the pictures as they are."""

COLUMNS = ["corruption", "strength", "amount", "unit", "n", "accuracy", "low", "high"]
"""Of robustness.csv: strength 1..5 (0 for clean), what it is in units, images, accuracy 0..1, its 95 % interval."""


def measure(
    classifier: Predicts,
    test: LabelledFaces,
    seed: int = SEED,
    on_progress: Progress = no_progress,
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


def _accuracy(classifier: Predicts, faces: Faces, labels: NDArray[np.int64]) -> tuple[int, float, float, float]:
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


@dataclass(frozen=True)
class Accuracy:
    """On pictures of one kind."""

    n: int
    accuracy: float
    accuracy_ci: Interval


@dataclass(frozen=True)
class AtStrength:
    """Accuracy under one corruption at one strength."""

    strength: int
    """1..5."""
    amount: float
    """The strength in the corruption's unit."""
    n: int
    accuracy: float
    accuracy_ci: Interval


@dataclass(frozen=True)
class UnderCorruption:
    """Accuracy under one corruption."""

    mean: float
    """Over the strengths."""
    unit: str
    strengths: list[AtStrength]


@dataclass(frozen=True)
class Summary:
    """What `core robustness --json` prints."""

    clean: Accuracy
    mean: float
    """Over the corruptions."""
    corruptions: dict[str, UnderCorruption]


def summary(table: pd.DataFrame) -> Summary:
    """A `COLUMNS` table -> its figures by corruption and strength."""
    each = means(table)
    damaged = table[table["corruption"] != CLEAN].groupby("corruption", sort=False)
    clean = table[table["corruption"] == CLEAN].iloc[0]
    return Summary(
        clean=Accuracy(int(clean["n"]), float(clean["accuracy"]), (float(clean["low"]), float(clean["high"]))),
        mean=float(each.mean()),
        corruptions={
            str(name): UnderCorruption(
                float(each[str(name)]), str(rows["unit"].iloc[0]), [_at_strength(row) for _, row in rows.iterrows()]
            )
            for name, rows in damaged
        },
    )


def _at_strength(row: "pd.Series[Any]") -> AtStrength:
    interval = float(row["low"]), float(row["high"])
    return AtStrength(int(row["strength"]), float(row["amount"]), int(row["n"]), float(row["accuracy"]), interval)


def read_robustness(name: str) -> pd.DataFrame | None:
    """`COLUMNS`, one row per corruption and strength; None if it has not been measured."""
    path = model_folder(name) / ROBUSTNESS
    if not path.exists():
        return None
    with damage_in_words(f"{name}/{ROBUSTNESS}", f"measure again: python -m core robustness {name}"):
        return pd.read_csv(path, keep_default_na=False, na_values={"amount": [""]})[COLUMNS]


def write_robustness(name: str, table: pd.DataFrame) -> None:
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    replace_file(model_folder(name) / ROBUSTNESS, text.encode())
