"""Checks of single marks: image, kind, label, note and time."""

import re

import pytest

from core.exceptions import LONGEST_MESSAGE, InputError
from core.review.marks import KINDS, LONGEST_NOTE, Mark, checked, in_order, now, unknown_image

TRUE_LABELS = {"test/angry/PrivateTest_10131363": "angry", "test/sad/PrivateTest_7": "sad"}
IMAGE = "test/sad/PrivateTest_7"
TIME = "2026-07-26T12:34:56Z"


def check(
    kind: str = "wrong-label", label: str | None = None, note: str = "", time: str = TIME, image_id=IMAGE
) -> Mark:
    return checked(Mark(image_id, kind, label, note, time), TRUE_LABELS)


def test_kinds_have_different_titles_descriptions_and_letters_as_shortcuts():
    assert list(KINDS) == ["wrong-label", "not-a-face", "ambiguous", "interesting"]
    for values in zip(*((kind.title, kind.description, kind.shortcut) for kind in KINDS.values()), strict=True):
        assert len(set(values)) == len(KINDS) and all(values)
    assert all(re.fullmatch("[a-z]", kind.shortcut) for kind in KINDS.values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_set_without_a_label(kind):
    assert check(kind) == Mark(IMAGE, kind, None, "", TIME)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"kind": "wrong"},
            "unknown kind of mark 'wrong'; choose from wrong-label, not-a-face, ambiguous, interesting",
        ),
        ({"label": "bored"}, "unknown label 'bored'; choose from angry"),
        ({"label": "sad"}, "is labelled sad, so sad cannot be the right label"),
        ({"kind": "ambiguous", "label": "fear"}, "only wrong-label takes a label, ambiguous does not"),
        ({"note": "x" * (LONGEST_NOTE + 1)}, "the note has 501 characters, but at most 500 are kept"),
        ({"time": "yesterday"}, "'yesterday' is no time in UTC such as 2026-07-26T12:34:56Z"),
        ({"time": "2026-07-26T12:34:56"}, "is no time in UTC"),
        ({"time": "0001-01-01T00:00:00+14:00"}, "is no time in UTC"),
        ({"time": ""}, "is no time in UTC"),
        ({"image_id": "nobody"}, "unknown image 'nobody'; ids look like test/angry/PrivateTest_10131363"),
        ({"image_id": ""}, "unknown image ''; ids look like"),
        ({"image_id": "x" * 10_000 + "\ud800"}, "unknown image 'xxx"),
    ],
)
def test_a_mark_that_cannot_be_is_refused_with_a_short_sentence(changes, message):
    with pytest.raises(InputError, match=re.escape(message)) as error:
        check(**changes)
    assert len(str(error.value)) <= LONGEST_MESSAGE


@pytest.mark.parametrize(
    "name",
    [
        "PrivateTest_10131363",
        "PrivateTest_10131363.jpg",
        "privatetest_10131363",
        "C:\\faces\\PrivateTest_10131363.JPG",
        "test/fear/PrivateTest_10131363",
        " test/angry/PrivateTest_10131363 ",
        "Training_10131363",
        "_10131363",
    ],
)
def test_the_error_for_an_unknown_image_names_the_one_with_the_same_file_name_or_number(name):
    assert str(unknown_image(name, TRUE_LABELS)).endswith("did you mean test/angry/PrivateTest_10131363?")


def test_the_error_for_an_unknown_image_of_an_empty_data_set_is_a_sentence():
    assert str(unknown_image("x", [])) == "unknown image 'x'; the data set has no images."


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  a b \n", "a b"),
        ("a\r\nb\rc\n\nd", "a\nb\nc\n\nd"),
        ("tab\tand 👩‍🚀 and ʼ", "tab\tand 👩‍🚀 and ʼ"),
        ("a\0b\x1b[2Jc\x85\ud800", "a�b�[2Jc��"),
        ("=1+1", "=1+1"),
    ],
)
def test_notes_keep_their_text_but_no_characters_that_files_cannot_hold(given, kept):
    assert check(note=given).note == kept
    assert check(note=kept).note == kept


@pytest.mark.parametrize(
    "time", ["2026-07-26T12:34:56Z", "2026-07-26T12:34:56.789+00:00", "2026-07-26 14:34:56+02:00", "20260726T123456Z"]
)
def test_times_are_kept_in_utc_and_to_the_second(time):
    assert check(time=time).time == TIME


def test_the_present_time_is_one_that_marks_may_have():
    time = now()
    assert check(time=time).time == time


def test_marks_are_sorted_by_time_image_and_kind():
    marks = [
        Mark("b", "ambiguous", None, "", "2026-01-01T00:00:00Z"),
        Mark("a", "interesting", None, "", "2026-01-02T00:00:00Z"),
        Mark("a", "ambiguous", None, "", "2026-01-02T00:00:00Z"),
    ]
    assert in_order(marks) == in_order(marks[::-1]) == (marks[0], marks[2], marks[1])
