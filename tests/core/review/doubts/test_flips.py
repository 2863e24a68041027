"""What is found of labels that were flipped, counted by hand."""

import numpy as np
import pandas as pd
import pytest

from core.emotions import EMOTIONS
from core.review.doubts.flips import flip_report

HAPPY, SAD, ANGRY = (EMOTIONS.index(name) for name in ("happy", "sad", "angry"))


def probabilities(scores: list[float], given: list[int]) -> np.ndarray:
    """Return rows in which the given label has this probability, and the next emotion the rest."""
    rows = np.zeros((len(scores), 7), np.float32)
    for row, (score, label) in enumerate(zip(scores, given, strict=True)):
        rows[row, label], rows[row, (label + 1) % 7] = score, 1 - score
    return rows


SCORES = [0.01, 0.02, 0.03, *np.linspace(0.1, 0.9, 17)]
GIVEN = [HAPPY, SAD, HAPPY, *[HAPPY] * 7, *[SAD] * 10]
TRUE = GIVEN.copy()
TRUE[0], TRUE[5], TRUE[19] = ANGRY, ANGRY, HAPPY
IDS = pd.Series([f"train/x/Training_{n}" for n in range(20)])


def test_shares_and_areas_are_those_counted_by_hand():
    report = flip_report(IDS, probabilities(SCORES, GIVEN), np.array(GIVEN), np.array(TRUE))
    assert (report.all.images, report.all.flipped) == (20, 3)
    assert report.all.in_lowest_tenth == pytest.approx(1 / 3)  # the ranks 1 and 2 of 20
    assert report.all.in_lowest_tenth_of_class == pytest.approx(1 / 3)  # ranks 1 of 9 happy and 1 of 11 sad, and 2
    # Of 17 right labels, all 17, 17 - 4 and none have a higher score than the three flipped ones.
    assert report.all.roc_auc == pytest.approx((17 + 14 - 1 + 0) / 51)


def test_classes_are_those_of_the_given_and_of_the_true_label():
    report = flip_report(IDS, probabilities(SCORES, GIVEN), np.array(GIVEN), np.array(TRUE))
    given, true = report.by_given_label, report.by_true_label
    assert {name: found.flipped for name, found in given.items() if found.images} == {"happy": 2, "sad": 1}
    assert {name: (found.images, found.flipped) for name, found in true.items() if found.images} == {
        "angry": (2, 2), "happy": (8, 1), "sad": (10, 0),
    }  # fmt: skip
    assert given["happy"].in_lowest_tenth == 0.5 and given["sad"].in_lowest_tenth == 0
    assert true["angry"].in_lowest_tenth == 0.5 and true["happy"].in_lowest_tenth == 0
    assert true["sad"].in_lowest_tenth is None and true["sad"].roc_auc is None
    assert true["angry"].roc_auc is None  # all of its labels are flipped
    assert list(given) == list(true) == list(EMOTIONS)


def test_images_of_unfinished_folds_are_left_out():
    rows = probabilities(SCORES, GIVEN)
    rows[10:] = np.nan
    report = flip_report(IDS, rows, np.array(GIVEN), np.array(TRUE))
    assert (report.all.images, report.all.flipped) == (10, 2)
    assert report.all.in_lowest_tenth == 0.5
