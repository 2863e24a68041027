"""The rules of a clean list, on a manifest whose answers can be seen, and on the counts of FER2013."""

import pandas as pd
import pytest

from core.data.shipped import shipped_manifest
from core.exceptions import InputError
from core.review.clean_list import RULES, Choice, Facts, class_counts, clean_list, parse_drop, reason_counts, rule_count
from tests.core.review.clean_list.cases import left_out, manifest, mark


def listed(drop: str, **known) -> pd.DataFrame:
    return clean_list(parse_drop(drop), Facts(manifest(), **known))


def test_without_rules_every_image_is_kept_with_its_label_and_no_reason():
    table = listed("none")
    assert list(table.columns) == ["image_id", "keep", "reason", "label"]
    assert table["image_id"].tolist() == manifest()["image_id"].tolist()
    assert table["keep"].all() and (table["reason"] == "").all()
    assert table["label"].tolist() == manifest()["true_label"].tolist()


def test_of_exact_copies_one_stays_and_a_test_image_never_does_if_training_has_it():
    assert left_out(listed("exact")) == dict.fromkeys(["private-1", "public-2", "train-4b", "val-6b"], "exact")


def test_the_copy_that_stays_is_one_that_no_other_rule_leaves_out():
    marked = [mark("val-6a", "wrong-label")]  # copies with the label that is wrong go with it
    assert left_out(listed("exact,marked", marks=marked))["val-6b"] == "exact;marked"
    scores = pd.Series({"train-4a": 0.01, "train-4b": 0.9})
    assert left_out(listed("exact,doubtful", scores=scores, without_scores=())) == {
        "private-1": "exact",
        "public-2": "exact",
        "train-4a": "exact;doubtful",
        "val-6b": "exact",
    }


def test_a_test_image_that_was_seen_in_training_goes_even_if_its_copy_is_not_here():
    alone = manifest()
    alone.loc[alone["image_id"] == "public-3", "leaked"] = True
    assert left_out(clean_list(Choice(("exact",)), Facts(alone)))["public-3"] == "exact"


def test_blank_images_near_copies_and_conflicts():
    assert left_out(listed("blank")) == {"train-5": "blank"}
    assert left_out(listed("near", near={"public-3"})) == {"public-3": "near", "private-1": "near"}  # an exact copy
    assert left_out(listed("conflicts")) == {"train-4a": "conflicts", "train-4b": "conflicts"}


def test_reasons_are_listed_in_the_order_of_the_rules():
    scores = pd.Series({"train-4b": 0.01})
    reasons = left_out(listed("doubtful,conflicts,exact", scores=scores, without_scores=()))
    assert reasons["train-4b"] == "exact;conflicts;doubtful"


def test_labels_with_a_score_below_the_limit_are_doubtful_and_images_without_a_score_stay():
    scores = pd.Series({"public-3": 0.05, "train-1": 0.049999, "val-6a": 0.2})
    assert left_out(listed("doubtful", scores=scores, without_scores=())) == {"train-1": "doubtful"}
    assert set(left_out(listed("doubtful:0.3", scores=scores, without_scores=()))) == {"public-3", "train-1", "val-6a"}


@pytest.mark.parametrize("kind", ["not-a-face", "ambiguous", "wrong-label"])
def test_marks_without_a_label_leave_out_the_image_and_its_copies(kind):
    assert left_out(listed("marked", marks=[mark("private-2", kind)])) == {"private-2": "marked", "public-2": "marked"}


def test_a_wrong_label_without_the_right_one_says_nothing_about_copies_with_another_label():
    assert left_out(listed("marked", marks=[mark("train-4a", "wrong-label")])) == {"train-4a": "marked"}


def test_interesting_images_and_marks_of_other_images_change_nothing():
    table = listed("marked", marks=[mark("train-1", "interesting"), mark("elsewhere", "not-a-face")])
    assert table["keep"].all() and (table["reason"] == "").all()


def test_a_label_of_a_mark_corrects_the_image_and_its_copies_which_stay():
    table = listed("marked", marks=[mark("private-2", "wrong-label", "fear")]).set_index("image_id")
    assert table["keep"].all()
    corrected = table[table["reason"] != ""]
    assert corrected["reason"].to_dict() == {"private-2": "corrected", "public-2": "corrected"}
    assert corrected["label"].astype(str).tolist() == ["fear", "fear"]


def test_copies_whose_marks_contradict_each_other_keep_what_each_says_and_conflict():
    marks = [mark("private-2", "wrong-label", "fear"), mark("public-2", "wrong-label", "angry")]
    labels = listed("marked", marks=marks).set_index("image_id")["label"].astype(str)
    assert (labels["private-2"], labels["public-2"]) == ("fear", "angry")
    assert left_out(listed("marked,conflicts", marks=marks)).keys() == {
        "private-2", "public-2", "train-4a", "train-4b",
    }  # fmt: skip


def test_a_mark_settles_a_conflict_only_if_marks_are_applied():
    marks = [mark("train-4a", "wrong-label", "disgust")]
    table = listed("conflicts,marked", marks=marks).set_index("image_id")
    assert table["keep"].all()
    assert table.loc["train-4a", ["reason", "label"]].tolist() == ["corrected", "disgust"]
    assert set(left_out(listed("conflicts", marks=marks))) == {"train-4a", "train-4b"}
    without_answer = [mark("train-4a", "wrong-label")]
    assert left_out(listed("conflicts,marked", marks=without_answer)) == {"train-4a": "marked"}


def test_a_corrected_label_is_not_doubtful_because_the_score_is_about_the_other_one():
    scores = pd.Series({"train-1": 0.01})
    marks = [mark("train-1", "wrong-label", "sad")]
    assert left_out(listed("marked,doubtful", marks=marks, scores=scores, without_scores=())) == {}


@pytest.mark.parametrize(("rule", "remedy"), [("near", "core audit"), ("doubtful", "core doubts")])
def test_a_rule_about_which_nothing_is_known_is_refused_with_the_command_that_helps(rule, remedy):
    with pytest.raises(InputError, match=remedy):
        listed(rule)
    with pytest.raises(InputError, match=remedy):
        rule_count(rule, Facts(manifest()), 0.05)


def test_a_note_names_the_images_without_scores():
    facts = Facts(manifest(), scores=pd.Series({"public-3": 0.01}), without_scores=("training",))
    assert facts.note(["exact"]) is None
    assert facts.note(["doubtful"]) == (
        "The Training images have no doubt scores, so none of them is left out as doubtful."
    )


def test_counts_of_each_rule_and_reason_and_of_the_classes():
    facts = Facts(manifest(), near={"private-1"})
    usable = [name for name in RULES if not facts.lacks(name)]
    counts = {name: rule_count(name, facts, 0.05) for name in usable}
    assert counts == {
        "exact": 4,
        "near": 1,
        "blank": 1,
        "conflicts": 2,
        "marked": 0,
    }
    table = clean_list(parse_drop("exact,near,blank,conflicts"), facts)
    assert reason_counts(table, facts.manifest).to_dict("index") == {
        "exact": {"images": 4, "alone": 2, "train": 1, "val": 1, "test": 2},
        "near": {"images": 1, "alone": 0, "train": 0, "val": 0, "test": 1},
        "blank": {"images": 1, "alone": 1, "train": 1, "val": 0, "test": 0},
        "conflicts": {"images": 2, "alone": 1, "train": 2, "val": 0, "test": 0},
    }
    counts = class_counts(table, facts.manifest)
    assert len(counts) == 21 and counts["before"].sum() == 10 and counts["after"].sum() == 4
    assert counts.loc[("sad", "test")].tolist() == [2, 1]
    assert counts.loc[("disgust", "train")].tolist() == [1, 0]


def test_classes_after_are_counted_by_the_corrected_label():
    table = clean_list(Choice(("marked",)), Facts(manifest(), marks=(mark("train-5", "wrong-label", "sad"),)))
    counts = class_counts(table, manifest())
    assert counts.loc[("neutral", "train")].tolist() == [1, 0]
    assert counts.loc[("sad", "train")].tolist() == [0, 1]
    assert reason_counts(table, manifest()).loc["corrected"].tolist() == [1, 1, 1, 0, 0]


def test_fer2013_has_1853_surplus_copies_12_blank_images_and_57_conflicting_groups():
    facts = Facts(shipped_manifest())
    assert rule_count("exact", facts, 0.05) == 1_853 and rule_count("blank", facts, 0.05) == 12
    kept = facts.manifest[clean_list(Choice(("exact",)), facts)["keep"].to_numpy()]
    assert not kept["leaked"].any() and kept["duplicate_group"].is_unique
    conflicting = facts.manifest[~clean_list(Choice(("conflicts",)), facts)["keep"].to_numpy()]
    assert conflicting["duplicate_group"].nunique() == 57
