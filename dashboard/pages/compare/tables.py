"""The tables of the Compare page, formatted for the screen."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.emotions import EMOTIONS
from core.evaluation.comparison import Difference
from dashboard.components import wording


def per_class_table(classes: pd.DataFrame, recall_differences: Mapping[str, Difference]) -> pd.DataFrame:
    """Return one row per emotion: number of images, both recalls, their difference, both precisions, and both F1s.

    All of them have 95 % intervals, except the number of images and F1.
    """
    rows = []
    for emotion in EMOTIONS:
        a, b = (classes[(classes["emotion"] == emotion) & (classes["model"] == m)].iloc[0] for m in ("A", "B"))
        rows.append(
            {
                "Emotion": emotion,
                "Images": f"{a['support']:,}",
                **{f"Recall {m}": _with_interval(row, "recall") for m, row in (("A", a), ("B", b))},
                "Recall A − B": wording.points_with_interval(recall_differences[emotion]),
                **{f"Precision {m}": _with_interval(row, "precision") for m, row in (("A", a), ("B", b))},
                **{f"F1 {m}": wording.number(row["f1"]) for m, row in (("A", a), ("B", b))},
            }
        )
    return pd.DataFrame(rows)


def _with_interval(row: "pd.Series[Any]", metric: str) -> str:
    return wording.percent_with_interval(row[metric], [row[f"{metric}_low"], row[f"{metric}_high"]])


def agreement_table(agreement: pd.DataFrame) -> pd.DataFrame:
    """Format the 2x2 counts of `comparison.agreement`. The first column holds the names of the rows."""
    counts = agreement.map("{:,}".format).to_numpy()
    names = pd.Series(["A is right", "A is wrong"], name="Images")
    return pd.DataFrame(counts, columns=["B is right", "B is wrong"]).assign(Images=names)[
        ["Images", "B is right", "B is wrong"]
    ]
