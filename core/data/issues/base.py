"""What every kind of issue says of itself."""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd


class Issue(NamedTuple):
    """A kind of image that deserves a second look."""

    title: str
    meaning: str
    """One or two sentences, Markdown."""
    rows: Callable[[pd.DataFrame], pd.DataFrame]
    """The manifest -> its rows of this kind."""
