"""How many images a clean list leaves out, for which reasons, and of which emotions."""

import pandas as pd

from core.columns import EMOTION_DTYPE, SPLIT_DTYPE
from core.review.clean_list.choice import choice_of
from core.review.clean_list.facts import Facts
from core.review.clean_list.listing import clean_list
from core.review.clean_list.rules import CORRECTED, RULES


def rule_count(name: str, facts: Facts, doubtful_below: float) -> int:
    """Return the number of images that a rule would leave out alone. Raises InputError if it cannot be applied."""
    return int((~clean_list(choice_of([name], doubtful_below), facts)["keep"]).sum())


def reason_counts(listed: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """Return one row per reason that occurs: images, alone (for no other reason), and the images in train, val, test.

    `listed` is a clean list, in the order of `manifest`. An image with several reasons counts for each of them.
    """
    split = manifest["split"].astype(object).to_numpy()
    reasons = listed["reason"].str.split(";")
    rows = {}
    for name in (*RULES, CORRECTED):
        has_it = reasons.map(lambda found, name=name: name in found).to_numpy(bool)
        if has_it.any():
            alone = int((listed["reason"] == name).sum())
            rows[name] = [int(has_it.sum()), alone, *(int((has_it & (split == part)).sum()) for part in _SPLITS)]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["images", "alone", *_SPLITS])


_SPLITS = tuple(map(str, SPLIT_DTYPE.categories))


def class_counts(listed: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the images of each emotion and split: one row for each pair, with the columns before and after.

    `listed` is a clean list, in the order of `manifest`. `before` counts true labels, `after` the labels of the images
    that are kept. The index has the levels emotion and split.
    """
    every = pd.MultiIndex.from_product([EMOTION_DTYPE.categories, _SPLITS], names=["emotion", "split"])
    split = manifest["split"].astype(object).to_numpy()
    before = pd.Series(zip(manifest["true_label"].astype(object), split, strict=True)).value_counts()
    kept = listed["keep"].to_numpy(bool)
    labels = listed["label"].astype(object).to_numpy()
    after = pd.Series(zip(labels[kept], split[kept], strict=True)).value_counts()
    columns = {"before": before, "after": after}
    return pd.DataFrame({name: counts.reindex(every, fill_value=0) for name, counts in columns.items()}).astype(int)
