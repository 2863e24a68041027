"""What a report is made from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from core.evaluation.two_models import figures as two_models
from core.evaluation.two_models.figures import Comparison, Figures
from core.exchange.plain_text import one_line
from core.models.card import Card
from core.review.marks import Mark
from core.vision.crops import Faces

LONGEST_NAME = 26
"""Largest number of characters of a model's name in tables and charts, which must fit on A4."""

FacesOf = Callable[["pd.Series[str]"], Faces | None]
"""Image ids -> faces in their order, (n, 48, 48) uint8; None if no images are imported."""


def faces_in(faces: Faces | None, manifest: pd.DataFrame) -> FacesOf:
    """Return a function that looks up faces by image id. The faces are in the order of the manifest's rows."""
    places = pd.Index(manifest["image_id"])
    return lambda image_ids: None if faces is None else np.asarray(faces[places.get_indexer(image_ids)])


@dataclass(frozen=True, eq=False)
class Material:
    """Two models, A and B, on the images of one slice, and where they come from."""

    cards: tuple[Card, Card]
    slice_name: str
    """One slice or a combination, see `core.evaluation.slices.parse_slice`."""
    pairs: pd.DataFrame
    """The rows of `comparison.pair` that belong to the slice; at least one."""
    unpredicted: int
    """Number of test images that A or B has not predicted."""
    faces_of: FacesOf
    marks: Sequence[Mark]
    """Marks of the data set in use; those of other images are left out of the report."""
    data: Mapping[str, str]
    """Facts about the data set in use: name -> value."""
    time: str
    """When the report is made, in UTC: 2026-07-26T12:34:56Z."""
    of_visit: tuple[str, ...] = ()
    """Models that are not stored, so that the command cannot find them."""
    found: Comparison = field(init=False)
    figures: Figures = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "found", two_models.compare(self.pairs, self.unpredicted))
        object.__setattr__(self, "figures", two_models.figures(self.pairs, self.cards))

    @property
    def names(self) -> tuple[str, str]:
        """The names of A and B."""
        return self.cards[0].name, self.cards[1].name

    @property
    def short_names(self) -> tuple[str, str]:
        """The names of A and B for tables and charts, shortened in the middle. The head has all of them."""
        return one_line(self.names[0], LONGEST_NAME), one_line(self.names[1], LONGEST_NAME)

    @property
    def is_same(self) -> bool:
        """Whether A and B are one model."""
        return self.names[0] == self.names[1]

    @property
    def has_probabilities(self) -> tuple[bool, bool]:
        """Whether A, and B, gives probabilities."""
        return self.cards[0].has_probabilities, self.cards[1].has_probabilities

    @property
    def named(self) -> list[tuple[int, str]]:
        """The models with probabilities: 0 for A or 1 for B, and the name in legends. One model is not named twice."""
        names = [(i, f"{'AB'[i]}: {name}") for i, name in enumerate(self.short_names) if self.has_probabilities[i]]
        return names[:1] if self.is_same else names

    def by_name(self, both: Sequence[pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """Return name in legends -> the model's table of `both`, for the models with probabilities."""
        return {name: both[i] for i, name in self.named}
