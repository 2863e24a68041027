"""What the rules of a clean list need to know about a data set."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pandas as pd

from core.data.near_copies import load_pairs, near_ids
from core.data.shipped import load_manifest
from core.exceptions import InputError
from core.review import store
from core.review.data_set import data_set_name
from core.review.doubts import SPLITS, doubts
from core.review.marks import Mark

UNKNOWN = {
    "near": "the near copies of this data set are not known yet; run `python -m core audit`, which looks for them",
    "doubtful": "this data set has no doubt scores; run `python -m core doubts`, which says how to get them",
}
"""Rule -> why it cannot be applied to some data sets, and what to do; without a full stop at the end."""


@dataclass(frozen=True, eq=False)
class Facts:
    """The images of a data set, and what is known about them."""

    manifest: pd.DataFrame
    marks: tuple[Mark, ...] = ()
    near: Collection[str] | None = None
    """Ids of the test images with a near copy in Training; None if nobody has looked for near copies."""
    scores: "pd.Series[float]" = field(default_factory=lambda: pd.Series(dtype="float64"))
    """Doubt score by image_id, 0..1. Images without a score are missing."""
    without_scores: tuple[str, ...] = SPLITS
    """The members of `core.review.doubts.SPLITS` whose images have no score."""

    def lacks(self, name: str) -> bool:
        """Return whether nothing is known that a rule needs, so that it cannot be applied."""
        is_unknown = {"near": self.near is None, "doubtful": set(self.without_scores) == set(SPLITS)}
        return is_unknown.get(name, False)

    def check(self, names: Collection[str]) -> None:
        """Raise InputError if one of these rules cannot be applied."""
        if missing := [name for name in names if self.lacks(name)]:
            raise InputError(f"{UNKNOWN[missing[0]]}, or leave {missing[0]} out of --drop.")

    def note(self, names: Collection[str]) -> str | None:
        """Return a sentence about images without a doubt score, if `doubtful` is among the names and there are some."""
        if "doubtful" not in names or not self.without_scores:
            return None
        missing = "Training" if self.without_scores == ("training",) else "test"
        return f"The {missing} images have no doubt scores, so none of them is left out as doubtful."


def stored_facts(names: Collection[str], manifest: pd.DataFrame | None = None) -> Facts:
    """Return what these rules need to know about the data set in use.

    `manifest` is its manifest, if it has been read already. Raises InputError if the marks cannot be read, or if a rule
    cannot be applied because nothing is known that it needs.
    """
    table = load_manifest() if manifest is None else manifest
    marks = store.marks(data_set_name()) if "marked" in names else ()
    tables: dict[str, pd.DataFrame | None] = {split: doubts(split) for split in SPLITS} if "doubtful" in names else {}
    facts = Facts(table, marks, _near_ids() if "near" in names else None, *joined_scores(tables))
    facts.check(names)
    return facts


def _near_ids() -> set[str] | None:
    pairs = load_pairs()
    return None if pairs is None else near_ids(pairs)


def joined_scores(
    tables: "Mapping[str, pd.DataFrame | None]",
) -> "tuple[pd.Series[float], tuple[str, ...]]":
    """Return the doubt scores by image_id, and the members of `SPLITS` without any.

    `tables` are those of `core.review.doubts.doubts`; None or missing if there are no scores.
    """
    found = {split: table for split in SPLITS if (table := tables.get(split)) is not None}
    parts = [pd.Series(table["score"].to_numpy("float64"), table["image_id"]) for table in found.values()]
    scores = pd.concat(parts) if parts else pd.Series(dtype="float64")
    return scores, tuple(split for split in SPLITS if split not in found)
