"""What is stored about a chosen model: its card, training history and measurements."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from core.benchmarks.robustness import CLEAN, mean_accuracies
from core.benchmarks.steadiness import Steadiness
from core.exceptions import InputError
from core.models.card import Card
from core.training import card_notes
from dashboard import faults, resources
from dashboard.components import wording

Content = TypeVar("Content")

WEAKNESS = (
    "The most harmful corruption is {corruption}. Averaged over five strengths, it lowers the accuracy from {clean} to "
    "{lowest}."
)


@dataclass(frozen=True, eq=False)
class Record:
    """The content of a model's folder, without weights and predictions."""

    card: Card
    history: pd.DataFrame | None
    """The result of `store.read_history`; None for a guest, and if the file is damaged."""
    robustness: pd.DataFrame | None
    """None if it has not been measured, or if the file is damaged."""
    steadiness: Steadiness | None
    """None if it has not been measured, or if the file is damaged."""
    damages: dict[str, InputError]
    """Name of a damaged part, such as "robustness" -> what is wrong with its file."""

    @property
    def name(self) -> str:
        """The model's name."""
        return self.card.name

    @property
    def mean_corrupted(self) -> float | None:
        """Mean accuracy over all corruptions and strengths; None if it is not known."""
        return None if self.robustness is None else float(mean_accuracies(self.robustness).mean())

    def notes(self) -> card_notes.Notes:
        """Return the notes of the card, with limits that follow from the measurements and from the data set in use."""
        history = pd.DataFrame() if self.history is None else self.history
        further = (weakness(self.robustness), resources.data.val_note(self.card) or "")
        return card_notes.notes(self.card, history, resources.data.is_trained_on_fer2013(self.card), further)


def read(name: str) -> Record:
    """Read a model's folder. Damaged files are left out, and named in `damages`."""
    damages: dict[str, InputError] = {}

    def undamaged(part: str, read_part: Callable[[str], Content]) -> Content | None:
        try:
            return read_part(name)
        except InputError as error:
            damages[part] = error
            return None

    return Record(
        resources.models.card(name),
        undamaged("history", resources.models.history),
        undamaged("robustness", resources.models.robustness),
        undamaged("steadiness", resources.models.steadiness),
        damages,
    )


def show_damages(records: Sequence[Record]) -> None:
    """Show one error box per damaged file of the chosen models."""
    for record in records:
        for error in record.damages.values():
            faults.show_input_error(error)


def weakness(robustness: pd.DataFrame | None) -> str:
    """Return which corruption lowers the accuracy most, as a sentence; empty if robustness has not been measured."""
    if robustness is None:
        return ""
    means = mean_accuracies(robustness)
    clean = robustness.loc[robustness["corruption"] == CLEAN, "accuracy"].iloc[0]
    return WEAKNESS.format(corruption=means.idxmin(), clean=wording.percent(clean), lowest=wording.percent(means.min()))
