"""What a detector finds of the faces that are there, and what it finds besides."""

from collections.abc import Sequence

import pandas as pd

from core.benchmarks.composites import Composite
from core.callbacks import Progress, no_progress
from core.evaluation.intervals import wilson_interval
from core.video.tracking import match_faces
from core.vision.detectors.base import Detector
from core.vision.detectors.haar_multi import MultiHaarDetector, faces_of
from core.vision.faces import Face

COLUMNS = ("condition", "pictures", "faces", "found", "recall", "low", "high", "false_finds")
"""Of the table; `low` and `high` are Wilson's 95 % interval of the recall."""


def measure(detector: Detector, pictures: Sequence[Composite], on_progress: Progress = no_progress) -> pd.DataFrame:
    """`COLUMNS`: a row a condition, and a last row `all`. A find is right where its box has IoU >= 0.5 with a face's,
    each face counted once; all other finds are false ones."""
    rows = []
    for done, picture in enumerate(pictures, start=1):
        rows.append(_counts(picture, detector.detect(picture.image)))
        on_progress(done, len(pictures))
    return _table(rows)


def measure_votes(
    detector: MultiHaarDetector,
    votes: Sequence[int],
    pictures: Sequence[Composite],
    on_progress: Progress = no_progress,
) -> dict[int, pd.DataFrame]:
    """Number of votes -> `measure` with as many; the windows, which take the time, are sought once."""
    rows: dict[int, list[Counts]] = {number: [] for number in votes}
    for done, picture in enumerate(pictures, start=1):
        windows = detector.windows(picture.image)
        for number in votes:
            rows[number].append(_counts(picture, faces_of(windows, number, detector.counted, picture.image)))
        on_progress(done, len(pictures))
    return {number: _table(counts) for number, counts in rows.items()}


Counts = tuple[str, int, int, int, int]
"""Condition, pictures, faces, found, false finds."""


def _counts(picture: Composite, finds: Sequence[Face]) -> Counts:
    right = len(match_faces(picture.faces, finds, min_iou=0.5))
    return picture.condition, 1, len(picture.faces), right, len(finds) - right


def _table(rows: Sequence[Counts]) -> pd.DataFrame:
    counts = pd.DataFrame(rows, columns=["condition", "pictures", "faces", "found", "false_finds"])
    table = counts.groupby("condition", sort=False).sum().reset_index()
    table.loc[len(table)] = ["all", *table.drop(columns="condition").sum()]
    table["recall"] = table["found"] / table["faces"]
    intervals = [wilson_interval(found, n) for found, n in table[["found", "faces"]].itertuples(index=False)]
    table["low"], table["high"] = zip(*intervals, strict=True)
    return table[list(COLUMNS)]
