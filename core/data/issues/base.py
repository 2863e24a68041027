"""The description of a kind of data quality issue."""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd


class Issue(NamedTuple):
    """One kind of data quality issue."""

    title: str
    meaning: str
    """One or two sentences for the Dataset page, in Markdown."""
    rows: Callable[[pd.DataFrame], pd.DataFrame]
    """Select the rows of a manifest that have this issue."""
