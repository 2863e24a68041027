"""Recall and false detections of face detectors on images with known face boxes."""

from collections.abc import Sequence

import pandas as pd

from core.benchmarks.composites import Composite
from core.callbacks import Progress, no_progress
from core.evaluation.intervals import wilson_interval
from core.video.tracking import match_faces
from core.vision.detectors.base import Detector
from core.vision.detectors.haar_multi import MultiHaarDetector, faces_from_windows
from core.vision.faces import Face

COLUMNS = ("condition", "images", "faces", "found", "recall", "low", "high", "false_detections")
"""Columns of the results.

`found` is the number of faces with a correct detection. `low` and `high` are the 95 % Wilson interval of the recall.
"""


def measure(detector: Detector, composites: Sequence[Composite], on_progress: Progress = no_progress) -> pd.DataFrame:
    """Return a table with `COLUMNS`: one row per condition, then a row for all images, whose condition is "all".

    A detection is correct if the IoU (intersection over union) of its box and a face's box is at least 0.5. Each face
    has at most one correct detection. All other detections are false.
    """
    rows = []
    for done, composite in enumerate(composites, start=1):
        rows.append(_counts(composite, detector.detect(composite.image)))
        on_progress(done, len(composites))
    return _table(rows)


def measure_votes(
    detector: MultiHaarDetector,
    votes: Sequence[int],
    composites: Sequence[Composite],
    on_progress: Progress = no_progress,
) -> dict[int, pd.DataFrame]:
    """Return number of votes -> table of `measure` for a detector that needs this many votes for a face.

    Votes come from windows: squares that look like a face to one of the detector's cascades. The slow search for
    windows runs only once per image.
    """
    rows: dict[int, list[Counts]] = {number: [] for number in votes}
    for done, composite in enumerate(composites, start=1):
        windows = detector.windows(composite.image)
        for number in votes:
            faces = faces_from_windows(windows, number, detector.max_windows_per_pass, composite.image)
            rows[number].append(_counts(composite, faces))
        on_progress(done, len(composites))
    return {number: _table(counts) for number, counts in rows.items()}


Counts = tuple[str, int, int, int, int]
"""Condition, number of images, faces, faces found, false detections."""


def _counts(composite: Composite, detections: Sequence[Face]) -> Counts:
    correct = len(match_faces(composite.faces, detections, min_iou=0.5))
    return composite.condition, 1, len(composite.faces), correct, len(detections) - correct


def _table(rows: Sequence[Counts]) -> pd.DataFrame:
    counts = pd.DataFrame(rows, columns=["condition", "images", "faces", "found", "false_detections"])
    table = counts.groupby("condition", sort=False).sum().reset_index()
    table.loc[len(table)] = ["all", *table.drop(columns="condition").sum()]
    table["recall"] = table["found"] / table["faces"]
    intervals = [wilson_interval(found, n) for found, n in table[["found", "faces"]].itertuples(index=False)]
    table["low"], table["high"] = zip(*intervals, strict=True)
    return table[list(COLUMNS)]
