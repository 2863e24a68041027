"""The kinds of images that the gallery can show. A kind is one entry of `KINDS`."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.issues.conflicts import label_conflicts
from core.review.doubts import DOUBTFUL_BELOW
from dashboard.pages.dataset.gallery.facts import Facts
from dashboard.pages.dataset.gallery.orders import ALIKE_FIRST, DOUBTFUL_FIRST, RANDOM

Mask = NDArray[np.bool_]

EXACT, NEAR = "exact", "near"
"""What joins images to a group: equal pixels, or a test image with its near copies."""


@dataclass(frozen=True)
class Kind:
    """A kind of images."""

    title: str
    """The choice on screen. The key of `KINDS` stands in the address."""
    meaning: str
    """One or two sentences."""
    rows: Callable[[Facts], Mask | None]
    """Facts about n images -> (n,) whether each is of this kind; None if that is not known yet."""
    groups: str = ""
    """`EXACT` or `NEAR` if images are shown in groups of copies."""
    order: str = RANDOM
    """The order that a press on the tile of this kind chooses."""
    unknown: str = ""
    """How to get what is not known yet."""


def _exact(facts: Facts) -> Mask:
    return np.asarray(facts.manifest["duplicate_group"].duplicated(keep=False))


def _across(facts: Facts) -> Mask:
    groups = facts.manifest["duplicate_group"]
    return np.asarray(groups.isin(groups[facts.manifest["leaked"]]))


def _conflicts(facts: Facts) -> Mask:
    return np.asarray(facts.manifest.index.isin(label_conflicts(facts.manifest).index))


def _near(facts: Facts) -> Mask | None:
    if facts.pairs is None:
        return None
    has_near = np.zeros(len(facts.manifest), np.bool_)
    has_near[facts.pairs["at"].to_numpy()] = True
    return np.asarray(has_near & ~facts.manifest["leaked"].to_numpy())


def _doubtful(facts: Facts) -> Mask | None:
    return None if facts.doubt is None else facts.doubt < DOUBTFUL_BELOW


KINDS: dict[str, Kind] = {
    "all": Kind("all images", "All images of the data set.", lambda facts: np.ones(len(facts.manifest), np.bool_)),
    "exact": Kind("exact copies", "Images that are equal in every pixel, in one frame.", _exact, EXACT),
    "across": Kind(
        "copies across the split",
        "Test images with an exact copy in Training, which a model may have memorised. The slice *leak-free* leaves "
        "them out.",
        _across,
        EXACT,
    ),
    "near": Kind(
        "near copies",
        "Test images that have no exact copy in Training, but one that is nearly the same: shifted, mirrored or "
        "brightened. Each stands in one frame with its near copies.",
        _near,
        NEAR,
        ALIKE_FIRST,
        "Near copies of this data set are not known yet. The tab Quality searches for them.",
    ),
    "conflicts": Kind(
        "label conflicts", "Exact copies with different labels, of which at least one is wrong.", _conflicts, EXACT
    ),
    "doubtful": Kind(
        "doubtful labels",
        f"Images whose label a model finds improbable: below {100 * DOUBTFUL_BELOW:.0f} %. The model has not been "
        "trained on them.",
        _doubtful,
        order=DOUBTFUL_FIRST,
        unknown="No labels of this data set have a score yet. The tab Quality says how to get them.",
    ),
    "blank": Kind(
        "blank images",
        "Images of a single gray level, without any face.",
        lambda facts: facts.manifest["blank"].to_numpy(),
    ),
}

OLD_NAMES = {
    "Duplicates": "exact",
    "Leaks": "across",
    "Label conflicts": "conflicts",
    "Blanks": "blank",
}
"""Names in links of older versions -> key of `KINDS`."""
