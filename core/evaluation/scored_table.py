"""What stands in a scored table: predictions joined with the manifest."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.emotions import PROBABILITY_COLUMNS


def correct(table: pd.DataFrame) -> NDArray[np.bool_]:
    """(n,) whether the predicted label is the true one."""
    true, predicted = class_ids(table)
    return np.asarray(true == predicted)


def probabilities_of(table: pd.DataFrame) -> NDArray[np.float64]:
    """The (n, 7) probabilities of a predictions table."""
    return table[list(PROBABILITY_COLUMNS)].to_numpy(np.float64)


def class_ids(table: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Class ids of the true and of the predicted labels."""
    true, predicted = table["true_label"].cat.codes, table["predicted_label"].cat.codes
    return true.to_numpy().astype(np.int64), predicted.to_numpy().astype(np.int64)
