"""The readings of a film averaged over short spans of time, so that a film of any length fits on a picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.video import times

GAP_S = 0.5
"""A face is absent between two readings that are more than this many seconds apart."""

GAP_STEPS = 2.5
"""If the readings of a film are usually far apart, a gap is longer than this many times their usual distance."""

MILLIONTHS = 1_000_000
"""Probabilities are summed as integers, in millionths. So the sums do not depend on how the table is cut."""

ROWS_UNMERGED = 50_000
"""New sums are merged into the earlier ones once they have this many more rows than those."""

LABEL_COLUMNS = tuple(f"n_{emotion}" for emotion in EMOTIONS)
SUM_COLUMNS = ("n", "n_certain", *LABEL_COLUMNS, *PROBABILITY_COLUMNS)


class Run(NamedTuple):
    """Neighbouring bins with the same label, `start` to `end` - 1, which are all certain or all uncertain."""

    start: int
    end: int
    label: str
    is_certain: bool


@dataclass(frozen=True, eq=False)
class Lane:
    """One face's readings by one model, in equal spans of time, the bins. Arrays have one value per bin."""

    face: int
    model: str
    readings: int
    probabilities: NDArray[np.float64]
    """(bins, 7): means of the bin's readings, in the order of `EMOTIONS`; NaN where the face was absent."""
    labels: NDArray[np.int64]
    """(bins,): position in `EMOTIONS` of the most frequent label, or -1 where the face was absent."""
    is_certain: NDArray[np.bool_]
    """(bins,): whether at least half of the readings are certain."""
    read_s: NDArray[np.float64]
    """(bins,): time of the bin's first reading in seconds, or of the one before, if a reading lasts for several bins.

    NaN where the face was absent.
    """

    def runs(self) -> Iterator[Run]:
        """Yield the runs of bins with the same label, in the order of time. Bins without the face are left out."""
        codes = 2 * self.labels + self.is_certain
        starts = np.flatnonzero(np.diff(codes, prepend=codes[0] - 1))
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(codes)], strict=True):
            if self.labels[start] >= 0:
                yield Run(start, end, EMOTIONS[self.labels[start]], bool(self.is_certain[start]))


class TimeBins:
    """The averages of all faces and models of a film, from its table in chunks.

    Memory is proportional to the number of bins in which a face was seen, and thus bounded by faces x bins.
    """

    def __init__(self, start_s: float, end_s: float, bins: int, step_s: float = 0.0) -> None:
        """Divide the time from `start_s` to `end_s` into so many bins; readings outside go to the first or last bin.

        `step_s` is the time for which a single reading stands, at least. Otherwise it is the usual distance between
        two readings of a face, or one bin if no face has two.
        """
        self.start_s, self.end_s = times.span(start_s, end_s)
        self.bins = bins
        self.bin_s = (self.end_s - self.start_s) / bins
        """Length of a bin in seconds."""
        self._step_s = step_s
        self._lanes: dict[tuple[int, str], int] = {}
        """(face, model) -> number, in order of appearance."""
        self._sums = pd.DataFrame(columns=["first_s", "last_s", *SUM_COLUMNS])
        """Indexed by number of the lane x bins + bin. It has one row per lane and bin with readings."""
        self._unmerged: list[pd.DataFrame] = []

    def add(self, table: pd.DataFrame) -> None:
        """Add a part of a film's table. The parts may be cut anywhere."""
        if len(table):
            self._unmerged.append(self._sums_of(table))
            if sum(map(len, self._unmerged)) > len(self._sums) + ROWS_UNMERGED:
                self._merge()

    def _sums_of(self, table: pd.DataFrame) -> pd.DataFrame:
        groups, pairs = faces_and_models(table)
        lanes = np.array([self._lanes.setdefault(pair, len(self._lanes)) for pair in pairs])[groups]
        keys = lanes * self.bins + self._bins_at(table["time_s"].to_numpy(np.float64)).clip(0, self.bins - 1)
        labels = pd.Categorical(table["predicted_label"], categories=list(EMOTIONS)).codes
        sums = pd.DataFrame({"n": 1, "n_certain": table["certain"].to_numpy(bool).astype(np.int64)}, range(len(table)))
        sums[list(LABEL_COLUMNS)] = np.eye(len(EMOTIONS), dtype=np.int64)[labels]
        probabilities = table[list(PROBABILITY_COLUMNS)].to_numpy(np.float64)
        sums[list(PROBABILITY_COLUMNS)] = np.rint(MILLIONTHS * probabilities).astype(np.int64)
        sums.insert(0, "first_s", table["time_s"].to_numpy(np.float64))
        sums.insert(1, "last_s", sums["first_s"])
        return _summed(sums.set_index(keys))

    def _bins_at(self, times_s: NDArray[np.float64]) -> NDArray[np.int64]:
        positions = (times_s - self.start_s) / self.bin_s
        # Times in tables are rounded, so a frame's time, such as 1/3 s, may lie slightly before the edge of its bin.
        return np.floor(positions + 1e-3).astype(np.int64)

    def _merge(self) -> None:
        parts = [part for part in (self._sums, *self._unmerged) if len(part)]
        self._sums = _summed(pd.concat(parts)) if parts else self._sums
        self._unmerged = []

    def readings_per_face(self) -> dict[int, int]:
        """Return the number of readings of each face, of all models together, in the order of the faces' numbers."""
        self._merge()
        faces = np.array([face for face, _ in self._lanes], np.int64)
        counts = self._sums["n"].groupby(faces[self._sums.index.to_numpy(np.int64) // self.bins]).sum()
        return dict(zip(counts.index.tolist(), counts.tolist(), strict=True))

    def models(self) -> list[str]:
        """Return the names of the models, in order of appearance."""
        return list(dict.fromkeys(model for _, model in self._lanes))

    def lane(self, face: int, model: str) -> Lane | None:
        """Return the averages of a face and a model, or None if there are none."""
        self._merge()
        number = self._lanes.get((face, model))
        if number is None:
            return None
        rows = self._sums.loc[number * self.bins : (number + 1) * self.bins - 1]
        shown = self._shown_rows(rows)
        present = shown >= 0
        readings = rows["n"].to_numpy(np.int64)
        means = rows[list(PROBABILITY_COLUMNS)].to_numpy(np.float64) / (MILLIONTHS * readings[:, np.newaxis])
        labels = rows[list(LABEL_COLUMNS)].to_numpy(np.int64).argmax(axis=1)
        is_certain = 2 * rows["n_certain"].to_numpy(np.int64) >= readings
        return Lane(
            face,
            model,
            int(readings.sum()),
            np.where(present[:, np.newaxis], means[shown], np.nan),
            np.where(present, labels[shown], -1),
            present & is_certain[shown],
            np.where(present, rows["first_s"].to_numpy(np.float64)[shown], np.nan),
        )

    def _shown_rows(self, rows: pd.DataFrame) -> NDArray[np.int64]:
        """Return which of a lane's rows each bin shows, (bins,): a position in `rows`, or -1 where the face was absent.

        A bin without readings shows the last one before it, unless the face was absent.
        """
        starts = rows.index.to_numpy(np.int64) % self.bins
        first_s, last_s = rows["first_s"].to_numpy(np.float64), rows["last_s"].to_numpy(np.float64)
        step_s = self._usual_step_s()
        following = np.append(starts[1:], self.bins)
        is_gap = np.append(first_s[1:] - last_s[:-1] > max(GAP_S, GAP_STEPS * step_s), True)
        # Before a gap, a reading stands for one step, and always for its own bin.
        ends = np.where(is_gap, np.minimum(following, self._bins_at(last_s + step_s)), following)
        shown = np.full(self.bins, -1, np.int64)
        for row, (start, end) in enumerate(zip(starts, np.maximum(ends, starts + 1), strict=True)):
            shown[start:end] = row
        return shown

    def _usual_step_s(self) -> float:
        """Return the time for which a single reading stands; see `__init__`."""
        self._merge()
        lanes = self._sums.index.to_numpy(np.int64) // self.bins
        first_s, last_s = self._sums["first_s"].to_numpy(np.float64), self._sums["last_s"].to_numpy(np.float64)
        steps_s = (first_s[1:] - last_s[:-1])[lanes[1:] == lanes[:-1]]
        return max(self._step_s, float(np.median(steps_s)) if len(steps_s) else 0.0)


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per value of the index, in ascending order."""
    groups = rows.groupby(level=0)
    sums = groups[list(SUM_COLUMNS)].sum()
    sums.insert(0, "first_s", groups["first_s"].min())
    sums.insert(1, "last_s", groups["last_s"].max())
    return sums


def faces_and_models(table: pd.DataFrame) -> tuple[NDArray[np.int64], list[tuple[int, str]]]:
    """Return the group of each row, (n,), and the face and the model of each group, in order of appearance."""
    faces, face_numbers = pd.factorize(table["face"])
    models, model_names = pd.factorize(table["model"])
    groups, numbers = pd.factorize(faces * len(model_names) + models)
    pairs = [
        (int(face_numbers[n // len(model_names)]), str(model_names[n % len(model_names)])) for n in numbers.tolist()
    ]
    return groups, pairs
