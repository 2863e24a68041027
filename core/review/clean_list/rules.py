"""The rules by which images are left out of a clean list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from core.review.clean_list.facts import Facts
from core.review.clean_list.rulings import Rulings

CORRECTED = "corrected"
"""The reason of an image that is kept with another label."""


class Question(NamedTuple):
    """What a rule is asked about."""

    facts: Facts
    rulings: Rulings
    """What the marks say; nothing if the marks are not to be applied."""
    doubtful_below: float
    """Labels with a doubt score below this, 0..1, are doubtful."""


@dataclass(frozen=True)
class Rule:
    """One reason to leave images out."""

    title: str
    """Name on screen."""
    meaning: str
    """Which images it leaves out, without a full stop at the end."""
    rows: "Callable[[Question], pd.Series[bool]] | None"
    """Return whether each image is left out. None for exact copies: which of them stays depends on the other rules."""


def exact_copies(manifest: pd.DataFrame, is_dropped: "pd.Series[bool]") -> "pd.Series[bool]":
    """Return whether each image is left out as an exact copy: all images of a group of copies but one.

    Training images come before test images, so that no image is in both, and among these, images that no other rule
    drops (`is_dropped`) come first. Test images that were seen in the training of the shipped models are left out even
    if their copy in Training is missing.
    """
    order = pd.DataFrame(
        {"group": manifest["duplicate_group"], "is_test": manifest["split"] == "test", "is_dropped": is_dropped}
    )
    kept = order.sort_values(["is_test", "is_dropped"], kind="stable").drop_duplicates("group").index
    return manifest["leaked"].astype(bool) | ~order.index.isin(kept)


def _near(asked: Question) -> "pd.Series[bool]":
    manifest = asked.facts.manifest
    return manifest["leaked"].astype(bool) | manifest["image_id"].isin(list(asked.facts.near or ()))


def _blank(asked: Question) -> "pd.Series[bool]":
    return asked.facts.manifest["blank"].astype(bool)


def _conflicts(asked: Question) -> "pd.Series[bool]":
    groups, is_dropped = asked.facts.manifest["duplicate_group"], asked.rulings.is_dropped
    labels = pd.DataFrame({"group": groups, "label": asked.rulings.labels})[~is_dropped].drop_duplicates()
    conflicting = labels.loc[labels.duplicated("group"), "group"]
    return groups.isin(conflicting) & ~is_dropped


def _marked(asked: Question) -> "pd.Series[bool]":
    return asked.rulings.is_dropped


def _doubtful(asked: Question) -> "pd.Series[bool]":
    # The score is about the true label, so it says nothing about a corrected one.
    scores = asked.facts.manifest["image_id"].map(asked.facts.scores)
    return (scores < asked.doubtful_below) & ~asked.rulings.is_corrected


RULES: dict[str, Rule] = {
    "exact": Rule(
        "Exact copies",
        "all but one of the images that are equal in every pixel; test images with a copy in Training always",
        None,
    ),
    "near": Rule(
        "Near copies", "test images that are almost the same as a Training image, exact copies included", _near
    ),
    "blank": Rule("Blank images", "images of a single gray level", _blank),
    "conflicts": Rule(
        "Label conflicts",
        "all exact copies of one image that have different labels, unless a mark says which is right",
        _conflicts,
    ),
    "marked": Rule(
        "Marked images",
        "images marked as not a face, as ambiguous, or as wrongly labelled without the right label; if a mark has the "
        "right label, the image stays with that label",
        _marked,
    ),
    "doubtful": Rule(
        "Doubtful labels",
        "images whose label gets a probability below a limit from a model that was not trained on it",
        _doubtful,
    ),
}
"""Name -> rule, in the order in which an image's reasons are listed."""
