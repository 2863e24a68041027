"""The column types that tables share: labels, usages and splits are ordered categories, absent ones included."""

import pandas as pd

from core.emotions import EMOTIONS

EMOTION_DTYPE = pd.CategoricalDtype(list(EMOTIONS), ordered=True)
USAGE_DTYPE = pd.CategoricalDtype(["Training", "PublicTest", "PrivateTest"], ordered=True)
SPLIT_DTYPE = pd.CategoricalDtype(["train", "val", "test"], ordered=True)
