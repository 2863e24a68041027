"""What a cleaned training set does to a model: the same recipe trained on both, with several seeds.

The differences are paired by seed, on the val and test images of the data set in use. They come from stored
predictions, so no images are needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.shipped import load_manifest
from core.evaluation.bootstrap import CLASSES, RESAMPLES, metrics_of
from core.evaluation.intervals import percentile_intervals
from core.evaluation.predictions import scored_predictions
from core.evaluation.slices import slice_rows
from core.exceptions import InputError
from core.models.store import read_card

METRICS = ("accuracy", "macro_f1", "balanced_accuracy")
"""The first metrics of `core.evaluation.bootstrap.METRICS`."""

SLICES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "val": lambda table: table[table["split"] == "val"].reset_index(drop=True),
    "test": lambda table: slice_rows(table, "test"),
    "leak_free": lambda table: slice_rows(table, "leak_free"),
}

BATCH = 200  # resamples drawn at once


@dataclass(frozen=True)
class Effect:
    """A metric after cleaning minus the same metric before it, as the mean over the seeds."""

    slice: str
    metric: str
    n: int
    """Number of images."""
    before: float
    after: float
    """Means over the seeds."""
    delta: float
    low: float
    high: float
    """95 % interval of the difference, for other images: these seeds, with the images drawn again."""
    low_seeds: float | None
    high_seeds: float | None
    """95 % interval of the difference, for other seeds: Student's t of the differences; None for one seed."""
    deltas: tuple[float, ...]
    """The difference of each seed."""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def effects(before: Sequence[str], after: Sequence[str], resamples: int = RESAMPLES) -> list[Effect]:
    """Return the effects on each slice and metric. Models at the same place have the same seed.

    Raises InputError if the numbers of models differ, if two models of a pair have other recipes or seeds, or if a
    model has not predicted val.
    """
    _check(before, after)
    manifest = load_manifest()
    tables = [scored_predictions(name, manifest) for name in (*before, *after)]
    found = []
    for name, select in SLICES.items():
        rows = [select(table) for table in tables]
        if any(not table["image_id"].equals(rows[0]["image_id"]) for table in rows) or rows[0].empty:
            raise InputError(
                f"the models have not all predicted the same {name} images; train all with the same data set in use."
            )
        found += _effects_on(name, rows, resamples)
    return found


def _check(before: Sequence[str], after: Sequence[str]) -> None:
    if len(before) != len(after) or not before:
        raise InputError(f"--before has {len(before)} models and --after {len(after)}; name as many of both.")
    for pair in zip(before, after, strict=True):
        first, second = map(read_card, pair)
        if first.was_trained_on_val:
            raise InputError(f"{pair[0]} was trained on val, so val cannot show an effect; name another recipe's.")
        if first.recipe != second.recipe:
            raise InputError(f"{pair[0]} and {pair[1]} have other recipes or seeds; name models that differ in data.")


def _effects_on(name: str, tables: list[pd.DataFrame], resamples: int) -> list[Effect]:
    """Return the effects on one slice. The first half of the tables are those of the models before cleaning."""
    cells = np.stack([_cells(table) for table in tables])  # (models, n)
    values = metrics_of(_counts(cells, np.ones((1, cells.shape[1]))).reshape(len(tables), -1))[:, : len(METRICS)]
    groups = np.unique(tables[0]["duplicate_group"].to_numpy(), return_inverse=True)[1]
    samples = _resampled(cells, groups, resamples)  # (resamples, models, metrics)
    pairs = len(tables) // 2
    drawn = (samples[:, pairs:] - samples[:, :pairs]).mean(axis=1)
    low, high = percentile_intervals(drawn)
    deltas = values[pairs:] - values[:pairs]
    means_before, means_after = values[:pairs].mean(axis=0), values[pairs:].mean(axis=0)
    found = []
    for i, metric in enumerate(METRICS):
        low_seeds, high_seeds = _interval_of_mean(deltas[:, i])
        effect = Effect(
            name,
            metric,
            cells.shape[1],
            before=float(means_before[i]),
            after=float(means_after[i]),
            delta=float(deltas[:, i].mean()),
            low=float(low[i]),
            high=float(high[i]),
            low_seeds=low_seeds,
            high_seeds=high_seeds,
            deltas=tuple(map(float, deltas[:, i])),
        )
        found.append(effect)
    return found


def _cells(table: pd.DataFrame) -> NDArray[np.int64]:
    """Return each image's cell of the flattened confusion matrix, (n,)."""
    true, predicted = (table[name].cat.codes.to_numpy().astype(np.int64) for name in ("true_label", "predicted_label"))
    return np.asarray(CLASSES * true + predicted)


def _counts(cells: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weighted confusion counts, (models, r, 49), of cells (models, n) and weights (r, n)."""
    return np.stack([weights @ np.eye(CLASSES**2)[row] for row in cells])


def _resampled(
    cells: NDArray[np.int64], groups: NDArray[np.intp], resamples: int, seed: int = 0
) -> NDArray[np.float64]:
    """Return the `METRICS` of each resample and model, (r, models, metrics). All models share the resamples.

    Exact copies are drawn together, because they are not independent images.
    """
    random = np.random.default_rng(seed)
    clusters = int(groups.max()) + 1
    parts = []
    for start in range(0, resamples, BATCH):
        size = min(BATCH, resamples - start)
        drawn = random.multinomial(clusters, np.full(clusters, 1 / clusters), size).astype(np.float64)
        counts = _counts(cells, drawn[:, groups])
        parts.append(np.stack([metrics_of(model)[:, : len(METRICS)] for model in counts], axis=1))
    return np.concatenate(parts)


def _interval_of_mean(deltas: NDArray[np.float64]) -> tuple[float, float] | tuple[None, None]:
    """Return the 95 % interval of the mean of a few values by Student's t; None for one value."""
    from scipy.stats import t

    if len(deltas) < 2:
        return None, None
    half = float(t.ppf(0.975, len(deltas) - 1)) * float(deltas.std(ddof=1)) / len(deltas) ** 0.5
    return float(deltas.mean()) - half, float(deltas.mean()) + half
