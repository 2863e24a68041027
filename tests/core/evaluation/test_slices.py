"""Slices of the test images, alone and combined, with the images counted by hand."""

from itertools import combinations

import pandas as pd
import pytest

from core.columns import EMOTION_DTYPE, SPLIT_DTYPE, USAGE_DTYPE
from core.data.shipped import shipped_manifest
from core.emotions import EMOTIONS
from core.evaluation import slices
from core.evaluation.predictions import scored_predictions
from core.evaluation.slices import SLICES
from core.exceptions import LONGEST_MESSAGE, InputError
from core.models.store import read_card

ROWS = [
    # split, usage, true label, leaked, blank, brightness, contrast, sharpness, labels predicted by a and b
    ("test", "PublicTest", "angry", False, False, 79.9, 60, 5000, "angry", "angry"),  # dark
    ("test", "PublicTest", "fear", True, False, 80, 60, 5000, "fear", "sad"),  # just not dark
    ("test", "PrivateTest", "fear", False, False, 180.1, 60, 1000, "sad", "sad"),  # bright and blurred
    ("test", "PrivateTest", "sad", False, False, 180, 34.9, 5000, "sad", "happy"),  # of low contrast
    ("test", "PrivateTest", "sad", True, False, 30, 20, 100, "fear", "happy"),  # dark, blurred, of low contrast
    ("test", "PrivateTest", "happy", False, True, 0, 0, 0, "happy", "happy"),  # blank
    ("test", "PublicTest", "happy", False, True, 255, 0, 0, "happy", "sad"),  # blank
    ("train", "Training", "fear", False, False, 30, 20, 100, "fear", "fear"),
    ("val", "Training", "angry", False, False, 200, 20, 100, "fear", "angry"),
]
MEASURES = ["split", "usage", "true_label", "leaked", "blank", "brightness", "contrast", "sharpness"]
DTYPES = {
    "split": SPLIT_DTYPE,
    "usage": USAGE_DTYPE,
    **dict.fromkeys(["true_label", *slices.PREDICTED_LABELS], EMOTION_DTYPE),
    **dict.fromkeys(["brightness", "contrast", "sharpness"], "float32"),
}
TABLE = pd.DataFrame(ROWS, columns=[*MEASURES, *slices.PREDICTED_LABELS]).astype(DTYPES).rename_axis("row")
TABLE["marked"] = TABLE.index.isin([1, 4, 5, 7])
TABLE["near_copy"] = TABLE.index.isin([0, 1, 6, 8])
TABLE["doubt"] = TABLE.index.isin([2, 6])

EXPECTED = {
    "test": [0, 1, 2, 3, 4, 5, 6],
    "leak_free": [0, 2, 3, 5, 6],
    "public": [0, 1, 6],
    "private": [2, 3, 4, 5],
    "not_blank": [0, 1, 2, 3, 4],
    "no_near_copies": [2, 3, 5],  # 4 has an exact copy that is not among the near ones, as blank images have
    "not_doubtful": [0, 1, 3, 4, 5],
    "dark": [0, 4],
    "bright": [2],
    "blurred": [2, 4],
    "low_contrast": [3, 4],
    "emotion:angry": [0],
    "emotion:disgust": [],
    "emotion:fear": [1, 2],
    "emotion:happy": [5, 6],
    "emotion:neutral": [],
    "emotion:sad": [3, 4],
    "emotion:surprise": [],
    "agree": [0, 2, 5],
    "disagree": [1, 3, 4, 6],
    "marked": [1, 4, 5],
}
"""Slice -> its rows in `ROWS`."""


def rows_of(key: str) -> list[int]:
    return slices.slice_rows(TABLE.reset_index(), key)["row"].tolist()


@pytest.mark.parametrize("name", SLICES)
def test_each_slice_has_the_images_that_were_counted_by_hand(name):
    assert rows_of(name) == EXPECTED[name]


def test_any_two_slices_together_have_the_images_that_are_in_both():
    for one, other in combinations(SLICES, 2):
        assert rows_of(f"{one},{other}") == sorted(set(EXPECTED[one]) & set(EXPECTED[other])), (one, other)


def test_three_slices_together_by_hand():
    assert rows_of("leak_free,not_blank,disagree") == [3]
    assert rows_of("public, private") == []
    assert rows_of("dark,blurred,low_contrast") == [4]


def test_slices_have_different_titles_and_descriptions_and_consist_of_test_images():
    for texts in ([entry.title for entry in SLICES.values()], [entry.description for entry in SLICES.values()]):
        assert len(set(texts)) == len(texts)
    for entry in SLICES.values():
        assert entry.title[0].isupper() and not entry.description.endswith(".")
        assert "," not in entry.title  # titles are joined by commas
    assert not any("," in name for name in SLICES)
    assert list(SLICES) == list(EXPECTED)


def test_opposite_slices_divide_the_test_images():
    for one, other in (("public", "private"), ("agree", "disagree")):
        assert sorted(rows_of(one) + rows_of(other)) == rows_of("test")
    assert sorted(row for emotion in EMOTIONS for row in rows_of(f"emotion:{emotion}")) == rows_of("test")


def test_a_slice_of_fer2013_by_pixels_has_enough_images_and_no_blank_ones():
    manifest = shipped_manifest()
    for name in ("dark", "bright", "blurred", "low_contrast"):
        rows = slices.slice_rows(manifest, name)
        assert 400 <= len(rows) <= 600 and not rows["blank"].any()
    assert len(slices.slice_rows(manifest, "test")) - len(slices.slice_rows(manifest, "not_blank")) == 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("leak_free,not_blank", ("leak_free", "not_blank")),
        (" not_blank , leak_free ,, leak_free", ("leak_free", "not_blank")),
        ("test", ("test",)),
        ("test,dark", ("dark",)),
        ("", ("test",)),
        (" , ", ("test",)),
        ("emotion:fear", ("emotion:fear",)),
    ],
)
def test_a_list_of_slices_is_sorted_without_repetitions(text, names):
    assert slices.parse_slice(text) == names
    assert slices.slice_key(text.split(",")) == ",".join(names)
    assert slices.slice_key(names) == ",".join(names)


@pytest.mark.parametrize("text", ["leakfree", "dark,emotion:fera", "Dark", "x" * 5000, "\0", "test;dark"])
def test_the_error_for_an_unknown_slice_is_short_and_lists_the_known_ones(text):
    with pytest.raises(InputError, match="choose from test, leak_free, public, private, not_blank") as error:
        slices.parse_slice(text)
    assert len(str(error.value)) <= LONGEST_MESSAGE
    with pytest.raises(InputError, match="unknown slice"):
        slices.slice_rows(TABLE, text)


@pytest.mark.parametrize("key", ["agree", "dark,disagree"])
def test_slices_of_pairs_need_the_predictions_of_two_models(key):
    with pytest.raises(InputError, match="needs two models; choose another slice"):
        slices.slice_rows(TABLE.drop(columns="predicted_label_b"), key)


def test_the_slice_of_marked_images_needs_marks():
    with pytest.raises(InputError, match="the slice marked needs marks; choose another slice"):
        slices.slice_rows(TABLE.drop(columns="marked"), "marked")


@pytest.mark.parametrize(
    ("name", "column", "sentence"),
    [
        (
            "no_near_copies",
            "near_copy",
            "not known yet; search for them with `python -m core audit`, or on the Dataset",
        ),
        ("not_doubtful", "doubt", "needs the default network's predictions for this data set; import FER2013, or"),
    ],
)
def test_a_slice_that_needs_what_is_not_known_says_how_to_get_it(name, column, sentence):
    with pytest.raises(InputError, match=f"the slice {name} needs .*choose another slice") as error:
        slices.slice_rows(TABLE.drop(columns=column), name)
    assert sentence in str(error.value) and len(str(error.value)) <= LONGEST_MESSAGE


def test_titles_and_descriptions_of_combinations_name_each_slice():
    assert slices.slice_title("test") == "All test images"
    assert slices.slice_title("emotion:fear,leak_free") == "Leak-free, Labelled fear"
    assert slices.slice_description("public,emotion:fear") == (
        f"{SLICES['public'].description}. Of these, only {SLICES['emotion:fear'].description}"
    )


def test_cards_have_the_scores_of_four_slices():
    scores = slices.summaries(scored_predictions("cnn", shipped_manifest()))
    assert list(scores) == ["test", "leak_free", "public", "private"]
    assert {name: found.n for name, found in scores.items()} == {
        name: found.n for name, found in read_card("cnn").scores.items()
    }


def test_fewer_than_thirty_images_are_too_few():
    assert slices.too_few(0) and slices.too_few(29) and not slices.too_few(30)
