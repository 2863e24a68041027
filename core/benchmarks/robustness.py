"""Accuracy of a model on corrupted images (Hendrycks and Dietterich 2019)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.benchmarks.corruptions import CORRUPTIONS, STRENGTHS, corrupt
from core.callbacks import Progress, no_progress
from core.classifiers.base import LabelledFaces, SupportsPredictProba
from core.evaluation.intervals import wilson_interval
from core.evaluation.predictions import predicted_classes
from core.exceptions import shortened
from core.files import ContentError, damage_as_input_error, replace_file
from core.models.folders import model_folder, optional_file, shown_file
from core.models.plausible import MOST_IMAGES, ROUNDING
from core.models.scores import Interval
from core.models.strict_csv import TEXT, Column, read_csv_table
from core.vision.crops import Faces

ROBUSTNESS = "robustness.csv"
"""File in a model's folder; training the model again removes it together with the old weights."""

SEED = 42

CLEAN = "clean"
"""Value of the column `corruption` in the row of the uncorrupted images."""

COLUMNS = ["corruption", "strength", "amount", "unit", "n", "accuracy", "low", "high"]
"""Columns of robustness.csv.

`strength` is 1..5, or 0 for uncorrupted images. `amount` is the parameter of the corruption at this strength, in
`unit`; both are empty for uncorrupted images. `n` is the number of images. `accuracy` is 0..1, and `low` and `high` are
its 95 % Wilson interval.
"""


def measure(
    classifier: SupportsPredictProba,
    data: LabelledFaces,
    seed: int = SEED,
    on_progress: Progress = no_progress,
) -> pd.DataFrame:
    """Return a table with `COLUMNS`: one row for the uncorrupted images, then one row per corruption and strength."""
    steps = [(name, strength) for name in CORRUPTIONS for strength in STRENGTHS]
    rows = [(CLEAN, 0, np.nan, "", *_measure_accuracy(classifier, data.faces, data.labels))]
    for done, (name, strength) in enumerate(steps, start=1):
        corruption = CORRUPTIONS[name]
        measured = _measure_accuracy(classifier, corrupt(data.faces, name, strength, seed), data.labels)
        rows.append((name, strength, corruption.amounts[strength - 1], corruption.unit, *measured))
        on_progress(done, len(steps))
    return pd.DataFrame(rows, columns=COLUMNS)


def _measure_accuracy(
    classifier: SupportsPredictProba, faces: Faces, labels: NDArray[np.int64]
) -> tuple[int, float, float, float]:
    """Return the number of images, the accuracy, and the ends of its 95 % Wilson interval."""
    correct = int((predicted_classes(classifier, faces) == labels).sum())
    return len(labels), correct / len(labels) if len(labels) else np.nan, *wilson_interval(correct, len(labels))


def random_subset(data: LabelledFaces, limit: int | None, seed: int = SEED) -> LabelledFaces:
    """Return at most `limit` randomly drawn images, in their original order; all images if `limit` is None."""
    n = len(data.labels)
    if limit is None or limit >= n:
        return data
    rows = np.sort(np.random.default_rng(seed).choice(n, limit, replace=False))
    return LabelledFaces(data.faces[rows], data.labels[rows])


def mean_accuracies(table: pd.DataFrame) -> "pd.Series[float]":
    """Return corruption -> mean accuracy over its strengths, in the table's order. Uncorrupted images do not count."""
    corrupted = table[table["corruption"] != CLEAN]
    return corrupted.groupby("corruption", sort=False)["accuracy"].mean()


@dataclass(frozen=True)
class Accuracy:
    """Accuracy on the uncorrupted images."""

    n: int
    """Number of images."""
    accuracy: float
    accuracy_ci: Interval


@dataclass(frozen=True)
class StrengthAccuracy:
    """Accuracy under one corruption at one strength."""

    strength: int
    """From 1 (mildest) to 5."""
    amount: float
    """Parameter of the corruption at this strength, in the corruption's unit."""
    n: int
    """Number of images."""
    accuracy: float
    accuracy_ci: Interval


@dataclass(frozen=True)
class CorruptionAccuracy:
    """Accuracy under one corruption."""

    mean: float
    """Mean accuracy over the strengths."""
    unit: str
    """Unit of the amounts."""
    strengths: list[StrengthAccuracy]


@dataclass(frozen=True)
class Summary:
    """Output of `python -m core robustness MODEL --json`."""

    clean: Accuracy
    mean: float
    """Mean accuracy over all corruptions and strengths."""
    corruptions: dict[str, CorruptionAccuracy]


def summary(table: pd.DataFrame) -> Summary:
    """Summarise a table with the columns `COLUMNS` by corruption and strength."""
    means = mean_accuracies(table)
    corrupted = table[table["corruption"] != CLEAN].groupby("corruption", sort=False)
    clean = table[table["corruption"] == CLEAN].iloc[0]
    return Summary(
        clean=Accuracy(int(clean["n"]), float(clean["accuracy"]), (float(clean["low"]), float(clean["high"]))),
        mean=float(means.mean()),
        corruptions={
            str(name): CorruptionAccuracy(
                float(means[str(name)]),
                str(rows["unit"].iloc[0]),
                [_strength_accuracy(row) for _, row in rows.iterrows()],
            )
            for name, rows in corrupted
        },
    )


def _strength_accuracy(row: "pd.Series[Any]") -> StrengthAccuracy:
    interval = float(row["low"]), float(row["high"])
    return StrengthAccuracy(int(row["strength"]), float(row["amount"]), int(row["n"]), float(row["accuracy"]), interval)


_COLUMNS_OF_FILE: dict[str, Column | None] = {
    "corruption": TEXT,
    "strength": Column(0, len(STRENGTHS), whole=True),
    "amount": Column(-1e6, 1e6, may_be_missing=True),
    "unit": TEXT,
    "n": Column(1, MOST_IMAGES, whole=True),
    "accuracy": Column(),
    "low": Column(-ROUNDING, 1),
    "high": Column(0, 1 + ROUNDING),
}


def read_robustness(name: str) -> pd.DataFrame | None:
    """Return the stored table, with the columns `COLUMNS`, or None if the model has not been measured.

    Raises InputError for an unknown model or a damaged file.
    """
    path = optional_file(name, ROBUSTNESS)
    if path is None:
        return None
    with damage_as_input_error(
        shown_file(name, ROBUSTNESS), f"measure again: python -m core robustness {shortened(name)}"
    ):
        return _checked_rows(read_csv_table(path, _COLUMNS_OF_FILE))


def _checked_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Raise ContentError unless there is one row of clean images, and one per known corruption and strength."""
    found = list(table[["corruption", "strength"]].itertuples(index=False, name=None))
    measured = [name for name in CORRUPTIONS if (name, STRENGTHS[0]) in found]
    expected = [(CLEAN, 0), *((name, strength) for name in measured for strength in STRENGTHS)]
    if sorted(found) != sorted(expected) or not measured:
        raise ContentError("it must have one row of clean images, and one for each corruption and strength")
    if table.loc[table["corruption"] != CLEAN, "amount"].isna().any():
        raise ContentError("an amount is missing")
    accuracy = table["accuracy"]
    if not accuracy.between(table["low"] - ROUNDING, table["high"] + ROUNDING).all():
        raise ContentError("an accuracy is outside its interval")
    return table


def write_robustness(name: str, table: pd.DataFrame) -> None:
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    replace_file(model_folder(name) / ROBUSTNESS, text.encode())
