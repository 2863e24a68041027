"""Apply the rules of a choice to all images of a data set."""

import numpy as np
import pandas as pd

from core.columns import EMOTION_DTYPE
from core.review.clean_list.choice import Choice
from core.review.clean_list.facts import Facts, stored_facts
from core.review.clean_list.rules import CORRECTED, RULES, Question, exact_copies
from core.review.clean_list.rulings import rulings

COLUMNS = ("image_id", "keep", "reason", "label")


def clean_list(choice: Choice, facts: Facts | None = None) -> pd.DataFrame:
    """Return one row per image, in the order of the manifest: image_id, keep (bool), reason and label.

    `reason` lists the rules that leave the image out, such as "exact;blank", or is "corrected" if the image is kept
    with the label of a mark, otherwise "". `label` is the corrected or the true label. Without `facts`, those of the
    data set in use are read. Raises InputError if a rule of the choice cannot be applied to the data set.
    """
    known = stored_facts(choice.drop) if facts is None else facts
    known.check(choice.drop)
    said = rulings(known.manifest, known.marks if "marked" in choice.drop else ())
    asked = Question(known, said, choice.doubtful_below)
    masks = {name: rule.rows(asked) for name, rule in RULES.items() if name in choice.drop and rule.rows}
    is_dropped = _any(masks, known.manifest)
    if "exact" in choice.drop:
        masks["exact"] = exact_copies(known.manifest, is_dropped)
        is_dropped |= masks["exact"]
    return pd.DataFrame(
        {
            "image_id": known.manifest["image_id"],
            "keep": ~is_dropped,
            "reason": _reasons(masks, said.is_corrected & ~is_dropped),
            "label": said.labels.astype(EMOTION_DTYPE),
        }
    ).reset_index(drop=True)


def _any(masks: "dict[str, pd.Series[bool]]", manifest: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether any of the masks is true for each image."""
    none = np.zeros(len(manifest), bool)
    found = np.logical_or.reduce([none, *(mask.to_numpy(bool) for mask in masks.values())])
    return pd.Series(found, manifest.index, dtype=bool)


def _reasons(masks: "dict[str, pd.Series[bool]]", is_corrected: "pd.Series[bool]") -> "pd.Series[str]":
    """Return the reasons of each image, joined by semicolons in the order of `RULES`."""
    reasons = pd.Series(np.where(is_corrected, CORRECTED, ""), is_corrected.index, dtype=object)
    for name in RULES:
        if name in masks:
            joined = np.where(reasons == "", name, reasons + f";{name}")
            reasons = reasons.where(~masks[name], joined)
    return reasons
