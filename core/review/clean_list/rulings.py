"""What the marks of people mean for the labels of a clean list.

A mark is about one image, but its exact copies are the same picture, so it also counts for those of them that have no
such mark of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.columns import EMOTION_DTYPE
from core.review.marks import WRONG_LABEL, Mark

NO_ANSWER = ("not-a-face", "ambiguous")
"""Kinds of marks that say that no label is right."""


@dataclass(frozen=True, eq=False)
class Rulings:
    """The labels by the marks; each series has the index of the manifest."""

    labels: "pd.Series[Any]"
    """The right label, an ordered category: that of a mark, otherwise the true label."""
    is_corrected: "pd.Series[bool]"
    is_dropped: "pd.Series[bool]"
    """Whether no label is right: not a face, ambiguous, or a wrong label without the right one."""


def rulings(manifest: pd.DataFrame, marks: Iterable[Mark]) -> Rulings:
    """Return what the marks say about each image of a manifest. Marks of other images are ignored."""
    given = list(marks)
    with_marks = manifest[manifest["image_id"].isin({mark.image_id for mark in given})]
    groups = dict(zip(with_marks["image_id"], with_marks["duplicate_group"], strict=True))
    of_data_set = [mark for mark in given if mark.image_id in groups]
    without_answer = {groups[mark.image_id] for mark in of_data_set if mark.kind in NO_ANSWER}
    wrong = {mark.image_id: mark.label for mark in of_data_set if mark.kind == WRONG_LABEL}
    answers = _answers(manifest[manifest["duplicate_group"].isin({groups[image_id] for image_id in wrong})], wrong)
    unanswered = [image_id for image_id, label in answers.items() if label is None]
    is_dropped = manifest["image_id"].isin(unanswered) | manifest["duplicate_group"].isin(without_answer)
    true_labels = manifest["true_label"].astype(object)
    answered = manifest["image_id"].map(answers) if answers else pd.Series(None, manifest.index, dtype=object)
    is_corrected = answered.notna() & (answered != true_labels) & ~is_dropped
    labels = answered.where(is_corrected, true_labels).astype(EMOTION_DTYPE)
    return Rulings(labels, is_corrected, is_dropped)


def _answers(rows: pd.DataFrame, wrong: dict[str, str | None]) -> dict[str, str | None]:
    """Return image_id -> the right label, None if nobody knows it, for images that marks of a wrong label are about.

    `wrong` is image_id -> label of such marks, `rows` the manifest of these images and their copies. An image without
    such a mark takes over that of its copies if they agree; a mark that knows no label counts only for copies with the
    label that it calls wrong.
    """
    answers = dict(wrong)
    for _, group in rows.groupby("duplicate_group"):
        labels = dict(zip(group["image_id"], group["true_label"].astype(str), strict=True))
        marked = [image_id for image_id in labels if image_id in wrong]
        for image_id in set(labels) - set(marked):
            said = {wrong[copy] for copy in marked if wrong[copy] or labels[copy] == labels[image_id]}
            if len(said) == 1:
                answers[image_id] = said.pop()
    return answers
