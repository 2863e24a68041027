"""Marks as CSV and back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.csv_out import csv_bytes, original
from core.emotions import EMOTIONS
from core.exceptions import LONGEST_MESSAGE, InputError
from core.review import csv_file
from core.review.marks import KINDS, Mark, checked

TRUE_LABELS = {"a": "sad", "b": "fear", "=odd, \"name\"\nof 'a' file": "happy"}
TIME = "2026-07-26T12:34:56Z"
HEADER = "data_set,image_id,kind,label,note,time"
GOOD = f"fer2013,a,ambiguous,,,{TIME}"


def read(text: str | bytes) -> list[Mark]:
    content = text if isinstance(text, bytes) else text.encode()
    return csv_file.read(content, "fer2013", TRUE_LABELS)


def write(marks: list[Mark]) -> bytes:
    return csv_bytes(csv_file.table("fer2013", marks))


@pytest.mark.property
@given(
    st.lists(
        st.builds(
            Mark,
            image_id=st.sampled_from(list(TRUE_LABELS)),
            kind=st.sampled_from(list(KINDS)),
            label=st.none(),
            note=st.text(max_size=60) | st.text(alphabet="'=+-@\t\n\",; 😀＝", max_size=12),
            time=st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
        ),
        unique_by=lambda mark: mark.key,
        max_size=8,
    ),
    st.sampled_from(["disgust", None]),
)
def test_what_was_written_is_read_as_the_same_marks_whatever_the_notes_are(marks, label):
    kept = [
        checked(
            Mark(mark.image_id, mark.kind, label if mark.kind == "wrong-label" else None, mark.note, mark.time),
            TRUE_LABELS,
        )
        for mark in marks
    ]
    content = write(kept)
    assert sorted(read(content), key=lambda mark: mark.key) == sorted(kept, key=lambda mark: mark.key)
    assert write(read(content)) == content


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'x", "x", "", "-5", "\t=1", "＝1"])
def test_the_original_of_a_defused_text_is_that_text(text):
    import pandas as pd

    cell = csv_bytes(pd.DataFrame({"a": [text], "b": 1})).decode().split("\n", 1)[1].rpartition(",")[0].strip('"')
    assert original(cell) == text


def test_an_empty_list_is_a_header_and_is_read_as_an_empty_list():
    assert write([]).decode() == f"{HEADER}\n" and read(write([])) == []


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{HEADER}\r\n{GOOD}\r\n",
        f"{HEADER}\n\n{GOOD}\n\n",
        f"{HEADER}\n{GOOD}\n,,,,,\n",
        f"{HEADER}\n{GOOD}".replace(",", ";"),
        f"{HEADER}\n{GOOD}".replace(",", "\t"),
        f"{HEADER}\n{GOOD}".encode("utf-16"),
        f"time,note,label,kind,image_id,data_set\n{TIME},,,ambiguous,a,fer2013",
    ],
)
def test_lists_that_a_spreadsheet_has_saved_are_read(text):
    assert read(text) == [Mark("a", "ambiguous", None, "", TIME)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no list of marks: its first row must be data_set,image_id,kind,label,note,time"),
        (GOOD, "no list of marks"),
        (f"{HEADER},mood\n{GOOD},x", "no list of marks"),
        ("image_id,kind\na,ambiguous", "but is 'image_id,kind'"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "no text in UTF-8"),
        (b"\xff\xfea", "no text in UTF-8"),
        (f"{HEADER}\n{GOOD}\nfer2013,b,ambiguous", "Row 3: it has 3 cells instead of 6"),
        (f"{HEADER}\nother,a,ambiguous,,,{TIME}", "Row 2: it is about the data set 'other', but 'fer2013' is in use"),
        (f"{HEADER}\n{GOOD}\nfer2013,c,ambiguous,,,{TIME}", "Row 3: unknown image 'c'"),
        (f"{HEADER}\nfer2013,a,odd,,,{TIME}", "Row 2: unknown kind of mark 'odd'"),
        (f"{HEADER}\nfer2013,a,wrong-label,bored,,{TIME}", "Row 2: unknown label 'bored'"),
        (f"{HEADER}\nfer2013,a,wrong-label,sad,,{TIME}", "Row 2: a is labelled sad"),
        (f"{HEADER}\nfer2013,a,ambiguous,,,26.07.2026 12:34", "Row 2: '26.07.2026 12:34' is no time"),
        (f"{HEADER}\nfer2013,a,ambiguous,,{'x' * 501},{TIME}", "Row 2: the note has 501 characters"),
        (f"{HEADER}\n{GOOD}\n\n{GOOD}", "Row 4: row 2 is about the same image and kind"),
        (f'{HEADER}\n{GOOD}\nfer2013,"a', "Row 3: it is not CSV"),
        (f"{HEADER}\nfer2013,{'x' * 200_000},ambiguous,,,{TIME}", "Row 2: it is not CSV"),
    ],
)
def test_a_file_that_is_no_list_of_marks_is_refused_with_a_sentence_that_names_the_row(text, message):
    with pytest.raises(InputError, match=re.escape(message)) as error:
        read(text)
    assert str(error.value).endswith("Nothing was imported.") and len(str(error.value)) <= LONGEST_MESSAGE


def test_every_emotion_can_be_the_right_label():
    rows = [f"fer2013,{'b' if label == 'sad' else 'a'},wrong-label,{label},,{TIME}" for label in EMOTIONS]
    assert [read(f"{HEADER}\n{row}")[0].label for row in rows] == list(EMOTIONS)
