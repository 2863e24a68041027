"""The images that match a choice, in order, one by one or in groups of copies."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.emotions import EMOTIONS
from dashboard.pages.dataset.gallery.facts import Facts
from dashboard.pages.dataset.gallery.kinds import EXACT, KINDS
from dashboard.pages.dataset.gallery.orders import ORDERS, RANDOM, in_order


@dataclass(frozen=True)
class Choice:
    """The visitor's choices."""

    kind: str
    """A key of `KINDS`."""
    split: str | None
    emotion: str | None
    order: str
    """A key of `ORDERS`."""
    seed: int
    """The number of the draw, for the random order."""

    @property
    def is_narrowed(self) -> bool:
        """Whether images of the kind are left out because of their split or label."""
        return bool(self.split or self.emotion)

    def sentence(self) -> str:
        """Return the choice in words, such as "near copies · split test · labelled fear · darkest first".

        All images have no word.
        """
        kind = [] if self.kind == "all" else [KINDS[self.kind].title]
        split = [f"split {self.split}"] if self.split else []
        label = [f"labelled {self.emotion}"] if self.emotion else []
        return " · ".join([*kind, *split, *label, ORDERS[self.order].title])


class Listing(NamedTuple):
    """Positions of images in the manifest. Those of one group follow one another."""

    positions: NDArray[np.intp]
    groups: NDArray[np.intp]
    """The number of the group of each position, counted from 0; without groups, each image has its own."""

    @property
    def group_count(self) -> int:
        """Number of groups."""
        return int(self.groups[-1]) + 1 if len(self.groups) else 0

    def first_of_groups(self) -> NDArray[np.intp]:
        """Return the position of the first image of each group."""
        return self.positions[np.flatnonzero(np.diff(self.groups, prepend=-1))]

    def of_groups(self, start: int, end: int) -> "Listing":
        """Return the groups from number `start` to `end`, which is not included."""
        shown = (self.groups >= start) & (self.groups < end)
        return Listing(self.positions[shown], self.groups[shown] - start)

    def group_of(self, position: int) -> int | None:
        """Return the number of the first group with this image; None if it is not in the list."""
        found = np.flatnonzero(self.positions == position)
        return int(self.groups[found[0]]) if len(found) else None


def find(choice: Choice, facts: Facts) -> Listing | None:
    """Return the images that match; None if it is not known yet which images are of this kind.

    A group is listed with all its images if one of them matches.
    """
    kind = KINDS[choice.kind]
    rows = kind.rows(facts)
    if rows is None:
        return None
    matching = rows.copy()
    if choice.split:
        matching &= (facts.manifest["split"] == choice.split).to_numpy()
    if choice.emotion:
        matching &= (facts.manifest["true_label"] == choice.emotion).to_numpy()
    ordered = in_order(np.flatnonzero(matching), facts, choice.order, choice.seed)
    if not kind.groups:
        return Listing(ordered, np.arange(len(ordered)))
    return _exact_groups(ordered, facts) if kind.groups == EXACT else _near_groups(ordered, facts)


def _exact_groups(matching: NDArray[np.intp], facts: Facts) -> Listing:
    """Return the groups of exact copies of these images; the first image that matches decides the place of a group."""
    of_all = facts.manifest["duplicate_group"]
    names = pd.unique(of_all.to_numpy()[matching])
    members = np.flatnonzero(of_all.isin(names))
    numbers = pd.Index(names).get_indexer(pd.Index(of_all.to_numpy()[members]))
    order = np.argsort(numbers, kind="stable")
    return Listing(members[order], numbers[order])


def _near_groups(matching: NDArray[np.intp], facts: Facts) -> Listing:
    """Return each of these images with its near copies, the nearest first."""
    assert facts.pairs is not None  # otherwise no image is known to match
    pairs = facts.pairs[facts.pairs["at"].isin(matching)]
    pairs = pairs.sort_values("correlation", ascending=False, kind="stable")
    numbers = pd.Index(matching).get_indexer(pd.Index(pairs["at"]))
    positions = np.concatenate((matching, pairs["copy_at"].to_numpy()))
    groups = np.concatenate((np.arange(len(matching)), numbers))
    order = np.argsort(groups, kind="stable")
    return Listing(positions[order], groups[order])


def table(listing: Listing, facts: Facts, is_grouped: bool) -> pd.DataFrame:
    """Return the list as a table for a CSV file: what the manifest says of each image, and what else is known of it."""
    columns = ["image_id", "usage", "split", "true_label", "duplicate_group", "brightness", "contrast", "sharpness"]
    rows = facts.manifest[columns].iloc[listing.positions].reset_index(drop=True)
    if is_grouped:
        rows.insert(0, "group", listing.groups + 1)
    if facts.doubt is not None:
        rows["score"] = facts.doubt[listing.positions]
        rows["suggested_label"] = suggested_labels(listing.positions, facts)
        rows[["rank", "rank_in_class"]] = facts.ranks[listing.positions]
    return rows


def suggested_labels(positions: NDArray[np.intp], facts: Facts) -> list[str]:
    """Return the label that is suggested for each image; an empty text where there is none."""
    return ["" if code < 0 else EMOTIONS[code] for code in facts.suggested[positions]]


def has_random_order(choice: Choice) -> bool:
    return choice.order == RANDOM
