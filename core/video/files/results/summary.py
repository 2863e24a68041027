"""Summarize the readings of each face in a film: which expressions were predicted, and how often the label changed."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.emotions import EMOTIONS
from core.video.files.results.time_bins import faces_and_models


@dataclass
class Tally:
    """Counts of one face's readings by one model."""

    readings_per_label: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(EMOTIONS), np.int64))
    """(7,), in the order of `EMOTIONS`."""
    certain: int = 0
    """Readings whose label is certain."""
    changes: int = 0
    """Readings whose label differs from that of the reading before."""
    last_label: int = -1
    """Label of the latest reading, a position in `EMOTIONS`; -1 before the first reading."""

    def add(self, labels: NDArray[np.int64], certain: int) -> None:
        """Add readings in the order of time: their labels, (n,) positions in `EMOTIONS`, and how many are certain."""
        before = labels[0] if self.last_label < 0 else self.last_label
        self.readings_per_label += np.bincount(labels, minlength=len(EMOTIONS))
        self.certain += certain
        self.changes += int(np.count_nonzero(np.diff(labels, prepend=before)))
        self.last_label = int(labels[-1])

    def summary(self) -> dict[str, object]:
        """Return the shares of the labels and of certain readings, 0..1, and the number of changes, ready for JSON."""
        readings = int(self.readings_per_label.sum())
        shares = self.readings_per_label / readings
        return {
            "share": dict(zip(EMOTIONS, shares.tolist(), strict=True)),
            "certain_share": self.certain / readings,
            "changes": self.changes,
        }


class FaceSummaries:
    """Summaries of all faces of a film, from its table in chunks. Memory is proportional to the number of faces."""

    def __init__(self) -> None:
        self._spans: dict[int, tuple[float, float]] = {}
        """Face -> time of its first and of its last reading, in seconds."""
        self._tallies: dict[int, dict[str, Tally]] = {}
        """Face -> model -> counts."""

    def add(self, table: pd.DataFrame) -> None:
        """Add a part of a film's table. The parts must come in the order of time, and may be cut anywhere."""
        if table.empty:
            return
        spans = table.groupby("face")["time_s"].agg(["min", "max"])
        for face, first_s, last_s in zip(spans.index.tolist(), *spans.to_numpy(float).T.tolist(), strict=True):
            self._spans[face] = self._spans.get(face, (first_s, last_s))[0], last_s
        labels = pd.Categorical(table["predicted_label"], categories=list(EMOTIONS)).codes.astype(np.int64)
        is_certain = table["certain"].to_numpy(bool)
        groups, pairs = faces_and_models(table)
        in_groups = np.argsort(groups, kind="stable")  # in the order of time within each group
        starts = np.searchsorted(groups[in_groups], np.arange(1, len(pairs)))
        for (face, model), rows in zip(pairs, np.split(in_groups, starts), strict=True):
            tally = self._tallies.setdefault(face, {}).setdefault(model, Tally())
            tally.add(labels[rows], int(np.count_nonzero(is_certain[rows])))

    def faces(self) -> list[dict[str, object]]:
        """Return one summary per face, ready for JSON, in the order of the faces' numbers.

        `first_s` and `last_s` are the times of the first and the last reading. `models` has for each model `share`,
        the share of the face's readings with each label; `certain_share`, the share of those that are certain; and
        `changes`, how often the label differs from that of the face's reading before. Shares are 0..1.
        """
        return [
            {
                "face": face,
                "first_s": self._spans[face][0],
                "last_s": self._spans[face][1],
                "models": {model: tally.summary() for model, tally in self._tallies[face].items()},
            }
            for face in sorted(self._tallies)
        ]
