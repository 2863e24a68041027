"""What a detector finds of the faces that are there, and what it finds besides."""

from collections.abc import Callable, Sequence

import pandas as pd

from core.composites import Composite
from core.detectors.base import Detector
from core.metrics import wilson_interval
from core.tracking import match_faces

Progress = Callable[[int, int], None]

COLUMNS = ("condition", "pictures", "faces", "found", "recall", "low", "high", "false_finds")
"""Of the table; `low` and `high` are Wilson's 95 % interval of the recall."""


def measure(detector: Detector, pictures: Sequence[Composite], on_progress: Progress = lambda *_: None) -> pd.DataFrame:
    """`COLUMNS`: a row a condition, and a last row `all`. A find is right where its box has IoU >= 0.5 with a face's,
    each face counted once; all other finds are false ones."""
    rows = []
    for done, picture in enumerate(pictures, start=1):
        finds = detector.detect(picture.image)
        right = len(match_faces(picture.faces, finds, min_iou=0.5))
        rows.append((picture.condition, 1, len(picture.faces), right, len(finds) - right))
        on_progress(done, len(pictures))
    counts = pd.DataFrame(rows, columns=["condition", "pictures", "faces", "found", "false_finds"])
    table = counts.groupby("condition", sort=False).sum().reset_index()
    table.loc[len(table)] = ["all", *table.drop(columns="condition").sum()]
    table["recall"] = table["found"] / table["faces"]
    intervals = [wilson_interval(found, n) for found, n in table[["found", "faces"]].itertuples(index=False)]
    table["low"], table["high"] = zip(*intervals, strict=True)
    return table[list(COLUMNS)]
