"""Find out whether other orders of rows or classes, or another scale, make predictions clearly better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS
from core.exchange.guests.guest import Proposal, RowOrder
from core.exchange.guests.options import CLASS_ORDERS, class_order_text

CLEAR_GAIN, CLEAR_GAIN_OF_ASSIGNMENT = 0.05, 0.10
"""Smallest gain in accuracy, and in the mean recall of the classes, of a reading that is proposed.

The mean recall must grow too, because always predicting one emotion is not better if that emotion is a frequent one.
"""

LARGEST_P_VALUE = 1e-3
"""Largest p-value of the exact McNemar test of the two readings.

On all of FER2013 the smallest gain decides. This limit decides on small data sets.
"""

ASSIGNMENTS = 5040
"""Number of ways to assign seven outputs to seven emotions, by which the p-value of the best one is multiplied."""

Classes = NDArray[np.int64]
"""Class ids, (n,): of true labels positions in `EMOTIONS`, of predictions positions in the file's order of classes."""

Scale = Literal[1, 255] | None
"""A value of `GuestOptions.scale`."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One way to read a file."""

    order: RowOrder | None
    scale: Scale
    classes: tuple[str, ...]
    """The emotions in the order of the file's classes."""
    correct: NDArray[np.bool_]
    """Whether the prediction of each row is correct, (n,)."""
    mean_recall: float
    is_best_assignment: bool = False
    """Whether `classes` is the assignment of outputs to emotions that makes most predictions correct."""

    @property
    def accuracy(self) -> float:
        """Share of the rows whose prediction is correct, 0..1."""
        return float(self.correct.mean())


@dataclass(frozen=True, eq=False)
class Outputs:
    """The predictions of a file as its own class numbers, with the true labels of each order and scale."""

    true: Classes
    predicted: Classes


def propose(
    outputs: Mapping[tuple[RowOrder | None, Scale], Outputs],
    classes: tuple[str, ...],
    classes_are_known: bool,
) -> Proposal | None:
    """Return another reading with which the predictions are clearly better, or None.

    `outputs` has the predictions by row order and scale, the present ones first. `classes` is the present order of
    classes; other orders are tried unless they are known. A free assignment of outputs to emotions is proposed only if
    it is clearly better than every order of classes that has a name.
    """
    (order, scale), first = next(iter(outputs.items()))
    now = _reading(order, scale, first, classes)
    named_orders = [classes] if classes_are_known else [classes, *CLASS_ORDERS.values()]
    named = [_reading(*key, given, names) for key, given in outputs.items() for names in dict.fromkeys(named_orders)]
    best = max([now, *(reading for reading in named if is_clearly_better(reading, now))], key=lambda r: r.accuracy)
    if not classes_are_known:
        assigned = max((_assigned(*key, given) for key, given in outputs.items()), key=lambda r: r.accuracy)
        if is_clearly_better(assigned, now) and is_clearly_better(assigned, best):
            best = assigned
    if best is now:
        return None
    return Proposal(
        order=best.order if best.order != now.order else None,
        classes=best.classes if best.classes != now.classes else None,
        scale=best.scale if best.scale != now.scale else None,
        accuracy=best.accuracy,
        accuracy_now=now.accuracy,
    )


def confirm(proposal: Proposal, true: Classes, now: Classes, then: Classes) -> Proposal | None:
    """Return a proposal that was found on a sample with its accuracy on all images, or None if it is not better there.

    Takes the class ids of the true labels and of both predictions, (n,), all of them positions in `EMOTIONS`. They are
    equal if the file itself tells its classes, so that its reader obeys no other order.
    """
    before, after = (_reading(None, None, Outputs(true, predicted), EMOTIONS) for predicted in (now, then))
    if not is_clearly_better(after, before):
        return None
    return replace(proposal, accuracy=after.accuracy, accuracy_now=before.accuracy)


def is_clearly_better(reading: Reading, other: Reading) -> bool:
    """Return whether a reading of the same rows is better by more than chance, and by enough to matter."""
    from scipy.stats import binomtest

    gain = CLEAR_GAIN_OF_ASSIGNMENT if reading.is_best_assignment else CLEAR_GAIN
    if reading.accuracy - other.accuracy < gain or reading.mean_recall - other.mean_recall < gain:
        return False
    only_this = int((reading.correct & ~other.correct).sum())
    only_other = int((other.correct & ~reading.correct).sum())
    p_value = binomtest(only_this, only_this + only_other).pvalue
    return bool(p_value * (ASSIGNMENTS if reading.is_best_assignment else 1) < LARGEST_P_VALUE)


def _reading(order: RowOrder | None, scale: Scale, outputs: Outputs, classes: tuple[str, ...]) -> Reading:
    emotions = np.array([EMOTIONS.index(emotion) for emotion in classes])
    correct = emotions[outputs.predicted] == outputs.true
    recalls = [correct[outputs.true == emotion].mean() for emotion in np.unique(outputs.true)]
    return Reading(order, scale, classes, correct, float(np.mean(recalls)))


def _assigned(order: RowOrder | None, scale: Scale, outputs: Outputs) -> Reading:
    """Return the reading with the best assignment of outputs to emotions."""
    from scipy.optimize import linear_sum_assignment

    counts = np.zeros((len(EMOTIONS), len(EMOTIONS)), np.int64)  # (output, emotion)
    np.add.at(counts, (outputs.predicted, outputs.true), 1)
    _, emotions = linear_sum_assignment(counts, maximize=True)
    reading = _reading(order, scale, outputs, tuple(EMOTIONS[emotion] for emotion in emotions))
    return replace(reading, is_best_assignment=True)


def describe(proposal: Proposal) -> str:
    """Return the proposal as a sentence, without saying how to take it."""
    return (
        f"With {' and '.join(_changes(proposal))}, accuracy is {_percent(proposal.accuracy)} instead of "
        f"{_percent(proposal.accuracy_now)}."
    )


def _changes(proposal: Proposal) -> Iterator[str]:
    if proposal.order is not None:
        yield f"the row order {proposal.order}"
    if proposal.classes is not None:
        name = class_order_text(proposal.classes)
        known = {"csv": "FER2013's CSV order of classes", "folder": "the folders' order of classes"}
        yield known.get(name, f"the classes {', '.join(proposal.classes)}")
    if proposal.scale is not None:
        yield "gray levels divided by 255" if proposal.scale == 255 else "gray levels from 0 to 255"


def flags(proposal: Proposal) -> str:
    """Return the options of the command `add` that take the proposal, such as `--classes csv`."""
    parts = []
    if proposal.order is not None:
        parts.append(f"--order {proposal.order}")
    if proposal.classes is not None:
        parts.append(f"--classes {class_order_text(proposal.classes)}")
    if proposal.scale is not None:
        parts.append(f"--scale {proposal.scale}")
    return " ".join(parts)


def _percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %")
