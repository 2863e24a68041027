"""The texts of a confusion matrix, and what it and the difference between two of them show, in words."""

import numpy as np
import pandas as pd

from core.emotions import EMOTIONS
from core.evaluation import metrics


def count_and_share_texts(counts: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Return the text of each cell: the count and, on a second line, the percentage of the row."""
    return counts.map("{:,}".format) + "<br>" + share_texts(shares)


def share_texts(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the text of each cell: the percentage of the row. In rows without images, the texts are empty."""
    return shares.map(lambda share: "" if pd.isna(share) else f"{share:.0%}".replace("%", " %"))


def finding(counts: pd.DataFrame) -> str:
    """Return what a confusion matrix (7x7 counts) shows: the best and the worst recall, and the most frequent error."""
    recalls = metrics.recalls(counts).dropna()
    if recalls.empty:
        return "There are no images."
    ends = f"The best recall is that of {_recall(recalls, int(recalls.argmax()))}, the worst that of "
    recall = f"{ends}{_recall(recalls, int(recalls.argmin()))}."
    errors = counts.to_numpy(copy=True)
    np.fill_diagonal(errors, 0)
    if not errors.any():
        return f"{recall} There are no errors."
    true, predicted = _labels_of(int(errors.argmax()))
    return f"{recall} The most frequent error is {true} predicted as {predicted}, {errors.max():,} images."


def difference_finding(differences: pd.DataFrame) -> str:
    """Return the largest of the differences between the rows' shares of A and B, A minus B, in words."""
    values = differences.to_numpy(float)
    if np.isnan(values).all():
        return "There are no images."
    if not np.nan_to_num(values).any():
        return "A and B have equal shares in every row."
    cell = int(np.nanargmax(np.abs(values)))
    (true, predicted), points = _labels_of(cell), 100 * values.flat[cell]
    return (
        f"The largest difference: of the faces labelled {true}, A predicts {abs(points):.1f} percentage points "
        f"{'fewer' if points < 0 else 'more'} as {predicted} than B does."
    )


def _recall(recalls: "pd.Series[float]", row: int) -> str:
    return f"{recalls.index[row]}, {100 * recalls.iloc[row]:.1f} %"


def _labels_of(cell: int) -> tuple[str, str]:
    """Return the true and the predicted label of a cell. Cells are numbered row by row."""
    return EMOTIONS[cell // len(EMOTIONS)], EMOTIONS[cell % len(EMOTIONS)]


def cell_table(texts: pd.DataFrame) -> pd.DataFrame:
    """Return the texts of the cells as a table: one row per true label, one column per predicted label."""
    rows = texts.map(lambda text: text.replace("<br>", ", ").removesuffix(", "))
    return rows.rename_axis(columns=None).rename_axis("true label").reset_index().astype(str)
