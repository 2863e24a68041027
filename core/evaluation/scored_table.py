"""Arrays from a scored table, which is a predictions table joined with the manifest."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.emotions import PROBABILITY_COLUMNS


def correct(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Return whether each predicted label is the true label, (n,) bool."""
    true, predicted = class_ids(table)
    return np.asarray(true == predicted)


def probabilities_of(table: pd.DataFrame) -> NDArray[np.float64]:
    """Return the probabilities of a predictions table or scored table, (n, 7)."""
    return table[list(PROBABILITY_COLUMNS)].to_numpy(np.float64)


def class_ids(table: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the class ids of the true and of the predicted labels, each (n,)."""
    true, predicted = table["true_label"].cat.codes, table["predicted_label"].cat.codes
    return true.to_numpy().astype(np.int64), predicted.to_numpy().astype(np.int64)
