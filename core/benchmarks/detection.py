"""Recall, false detections and CPU time of face detectors on images with known face boxes."""

import time
from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

import pandas as pd

from core.benchmarks.composites import CONDITIONS, HARD_CONDITIONS, Composite
from core.callbacks import Progress, no_progress
from core.evaluation.intervals import wilson_interval
from core.video.matching import match_faces
from core.vision.detectors.base import Detector
from core.vision.detectors.haar_multi import MultiHaarDetector, faces_from_windows
from core.vision.faces import Face

P = ParamSpec("P")
R = TypeVar("R")

ALL, HARD = "all", "hard"
"""Conditions of the rows for all images of the standard conditions, and for all images of the hard conditions."""

COLUMNS = ("condition", "images", "faces", "found", "recall", "low", "high", "false_detections", "cpu_ms")
"""Columns of the results.

`found` is the number of faces with a correct detection. `low` and `high` are the 95 % Wilson interval of the recall.
`cpu_ms` is the CPU time per image in milliseconds, summed over all threads.
"""


def measure(detector: Detector, composites: Sequence[Composite], on_progress: Progress = no_progress) -> pd.DataFrame:
    """Return a table with `COLUMNS`: a row per standard condition and `ALL`, then a row per hard condition and `HARD`.

    The rows of conditions without images are left out. At least one image is needed.

    A detection is correct if the IoU (intersection over union) of its box and a face's box is at least 0.5. Each face
    has at most one correct detection. All other detections are false.
    """
    detector.detect(composites[0].image)  # the first call may be slow, so its time does not count
    rows = []
    for done, composite in enumerate(composites, start=1):
        rows.append(_counts(composite, *_timed(detector.detect, composite.image)))
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
    windows runs only once per image. Its time counts for each number of votes.
    """
    detector.windows(composites[0].image)
    rows: dict[int, list[Counts]] = {number: [] for number in votes}
    for done, composite in enumerate(composites, start=1):
        windows, search_ms = _timed(detector.windows, composite.image)
        for number in votes:
            faces, grouping_ms = _timed(
                faces_from_windows, windows, number, detector.max_windows_per_pass, composite.image
            )
            rows[number].append(_counts(composite, faces, search_ms + grouping_ms))
        on_progress(done, len(composites))
    return {number: _table(counts) for number, counts in rows.items()}


Counts = tuple[str, int, int, int, int, float]
"""Condition, number of images, faces, faces found, false detections, milliseconds of CPU time."""


def _timed(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> tuple[R, float]:
    """Return the function's result and the CPU time of the call in milliseconds, summed over all threads."""
    start = time.process_time()
    result = function(*args, **kwargs)
    return result, (time.process_time() - start) * 1000


def _counts(composite: Composite, detections: Sequence[Face], cpu_ms: float) -> Counts:
    correct = len(match_faces(composite.faces, detections, min_iou=0.5))
    return composite.condition, 1, len(composite.faces), correct, len(detections) - correct, cpu_ms


def _table(rows: Sequence[Counts]) -> pd.DataFrame:
    counts = pd.DataFrame(rows, columns=["condition", "images", "faces", "found", "false_detections", "cpu_ms"])
    parts = []
    for conditions, together in ((CONDITIONS, ALL), (HARD_CONDITIONS, HARD)):
        part = counts[counts["condition"].isin(list(conditions))]
        parts += [part, part.assign(condition=together)]
    table = pd.concat(parts).groupby("condition", sort=False).sum().reset_index()
    table["recall"] = table["found"] / table["faces"]
    intervals = [wilson_interval(found, n) for found, n in table[["found", "faces"]].itertuples(index=False)]
    table["low"], table["high"] = zip(*intervals, strict=True)
    table["cpu_ms"] /= table["images"]
    return table[list(COLUMNS)]
