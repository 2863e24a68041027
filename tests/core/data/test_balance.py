"""Balance of the classes: weights, the constant answer, and the test of the mix, against scikit-learn and SciPy."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency
from sklearn.utils.class_weight import compute_class_weight

from core.data import balance
from core.data.shipped import shipped_manifest

COUNTS = pd.DataFrame({"train": [30, 10], "test": [5, 15]}, index=["happy", "disgust"])


def test_the_counts_of_fer2013_are_those_of_its_archive() -> None:
    usages = balance.usage_counts(shipped_manifest())
    assert usages["Training"].tolist() == [3995, 436, 4097, 7215, 4965, 4830, 3171]
    assert usages["PublicTest"].tolist() == [467, 56, 496, 895, 607, 653, 415]
    assert usages["PrivateTest"].tolist() == [491, 55, 528, 879, 626, 594, 416]
    assert round(balance.imbalance_ratio(usages["Training"]), 1) == 16.5


def test_always_answering_the_largest_class_of_train_is_right_on_its_share_of_test() -> None:
    assert balance.constant_answer(COUNTS) == ("happy", 0.25)
    emotion, accuracy = balance.constant_answer(balance.class_counts(shipped_manifest()))
    assert (emotion, round(accuracy, 3)) == ("happy", 0.247)
    assert np.isnan(balance.constant_answer(COUNTS.assign(test=0)).accuracy)


def test_weights_are_those_that_scikit_learn_calls_balanced() -> None:
    assert balance.balancing_weights(COUNTS["train"]).tolist() == pytest.approx([40 / 60, 40 / 20])
    labels = shipped_manifest().query("split == 'train'")["true_label"].astype(str)
    classes = np.array(sorted(set(labels)))
    expected = compute_class_weight("balanced", classes=classes, y=labels)
    weights = balance.balancing_weights(balance.class_counts(shipped_manifest())["train"])
    assert weights[classes].to_numpy() == pytest.approx(expected)
    assert np.isnan(balance.balancing_weights(pd.Series([3, 0])).iloc[1])


def test_the_test_of_the_mix_is_pearsons() -> None:
    usages = balance.usage_counts(shipped_manifest())
    expected = chi2_contingency(usages, correction=False)
    found = balance.same_mix(usages)
    assert found is not None
    assert (found.statistic, found.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert found.freedom == expected.dof == 12


def test_empty_classes_and_sets_do_not_count_in_the_mix() -> None:
    table = COUNTS.assign(val=0)
    table.loc["fear"] = 0
    found = balance.same_mix(table)
    assert found is not None and found.freedom == 1
    assert found.p == pytest.approx(chi2_contingency(COUNTS, correction=False).pvalue)
    assert balance.same_mix(COUNTS[["train"]]) is None


def test_the_largest_gap_is_that_of_the_shares() -> None:
    counts = pd.DataFrame({"a": [50, 30, 20], "b": [5, 1, 4]}, index=["happy", "sad", "fear"])
    emotion, gap = balance.largest_gap(counts)  # shares .5 .3 .2 and .5 .1 .4
    assert emotion in ("sad", "fear") and gap == pytest.approx(0.2)
