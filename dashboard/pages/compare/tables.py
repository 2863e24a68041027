"""The tables of the Compare page, formatted for the screen."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.emotions import EMOTIONS
from core.evaluation.comparison import Difference
from dashboard.components import wording


def per_class_in_words(classes: pd.DataFrame, recall_differences: Mapping[str, Difference]) -> pd.DataFrame:
    """Return one row per emotion: support, and the figures of A and B. Recall and precision have their intervals."""
    rows = []
    for emotion in EMOTIONS:
        a, b = (classes[(classes["emotion"] == emotion) & (classes["model"] == m)].iloc[0] for m in ("A", "B"))
        rows.append(
            {
                "Emotion": emotion,
                "Images": f"{a['support']:,}",
                **{f"Recall {m}": _interval(row, "recall") for m, row in (("A", a), ("B", b))},
                "Recall A − B": wording.points_with_interval(recall_differences[emotion]),
                **{f"Precision {m}": _interval(row, "precision") for m, row in (("A", a), ("B", b))},
                **{f"F1 {m}": wording.number(row["f1"]) for m, row in (("A", a), ("B", b))},
            }
        )
    return pd.DataFrame(rows)


def _interval(row: "pd.Series[Any]", figure: str) -> str:
    return wording.percent_with_interval(row[figure], [row[f"{figure}_low"], row[f"{figure}_high"]])


def agreement_in_words(agreement: pd.DataFrame) -> pd.DataFrame:
    """Return the 2x2 counts of right and wrong predictions with row and column names. Row names are a column."""
    counts = agreement.map("{:,}".format).to_numpy()
    names = pd.Series(["A is right", "A is wrong"], name="Images")
    return pd.DataFrame(counts, columns=["B is right", "B is wrong"]).assign(Images=names)[
        ["Images", "B is right", "B is wrong"]
    ]
