"""Categorical types for the columns of emotions, usages and splits, so that counts include categories without rows."""

import pandas as pd

from core.emotions import EMOTIONS

EMOTION_DTYPE = pd.CategoricalDtype(list(EMOTIONS), ordered=True)
USAGE_DTYPE = pd.CategoricalDtype(["Training", "PublicTest", "PrivateTest"], ordered=True)
SPLIT_DTYPE = pd.CategoricalDtype(["train", "val", "test"], ordered=True)
