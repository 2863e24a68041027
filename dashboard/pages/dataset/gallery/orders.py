"""The orders of the images in the gallery. An order is one entry of `ORDERS`."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.data.findings import MEASURES
from dashboard.pages.dataset.gallery.facts import Facts

RANDOM, DOUBTFUL_FIRST, ALIKE_FIRST = "random", "doubtful", "alike"

DOUBT, DOUBT_IN_CLASS, CORRELATION = "doubt", "doubt in class", "correlation"


class Order(NamedTuple):
    """An order of the images."""

    title: str
    """The choice on screen. The key of `ORDERS` stands in the address."""
    by: str = ""
    """A column of `MEASURES`, `DOUBT`, `DOUBT_IN_CLASS` or `CORRELATION`; empty for the random order."""
    is_descending: bool = False


ORDERS: dict[str, Order] = {
    RANDOM: Order("at random"),
    "dark": Order("darkest first", "brightness"),
    "bright": Order("brightest first", "brightness", True),
    "flat": Order("least contrast first", "contrast"),
    "contrast": Order("most contrast first", "contrast", True),
    "blurred": Order("most blurred first", "sharpness"),
    "sharp": Order("sharpest first", "sharpness", True),
    DOUBTFUL_FIRST: Order("most doubtful first", DOUBT),
    "doubtful-in-class": Order("most doubtful of each class first", DOUBT_IN_CLASS),
    ALIKE_FIRST: Order("nearest copy first", CORRELATION, True),
}


def values(facts: Facts, by: str) -> NDArray[np.float32]:
    """Return the value of each image, (n,) float32, that `Order.by` names; NaN where it is not known."""
    if by in MEASURES:
        return facts.manifest[by].to_numpy()
    if by == CORRELATION:
        return facts.correlation()
    if by == DOUBT_IN_CLASS:
        return np.where(facts.ranks[:, 1] > 0, facts.ranks[:, 1], np.nan).astype(np.float32)
    unknown = np.full(len(facts.manifest), np.nan, np.float32)
    return unknown if facts.doubt is None else facts.doubt


def in_order(at: NDArray[np.intp], facts: Facts, order: str, seed: int) -> NDArray[np.intp]:
    """Return positions of images in the chosen order; images without a value come last.

    The random order depends on `seed` and the number of all images alone: a filter leaves images out of it.
    """
    entry = ORDERS[order]
    if not entry.by:
        return at[np.argsort(np.random.default_rng(seed).permutation(len(facts.manifest))[at])]
    found = values(facts, entry.by)[at]
    return at[np.argsort(-found if entry.is_descending else found, kind="stable")]
