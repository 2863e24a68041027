"""Ensemble of several models: the mean of their probabilities."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.emotions import PROBABILITY_COLUMNS
from core.evaluation.predictions import predictions_table
from core.exceptions import InputError


def mean_predictions(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the predictions table of an ensemble, for the images that are in the tables of all its models.

    Its probabilities are the mean of those in the tables (Lakshminarayanan et al. 2017, "Deep ensembles"). Raises
    InputError if the tables have no image in common.
    """
    columns = list(PROBABILITY_COLUMNS)
    by_image = [table.set_index("image_id")[columns] for table in tables]
    common = by_image[0].index
    for table in by_image[1:]:
        common = common.intersection(table.index, sort=False)
    if common.empty:
        raise InputError("these models have no predicted image in common; train them on the same imported data set.")
    mean = np.mean([table.loc[common].to_numpy(np.float64) for table in by_image], axis=0)
    return predictions_table(common.to_series(), mean.astype(np.float32))
