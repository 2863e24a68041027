"""CSV files in which no text runs as a formula."""

import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.columns import EMOTION_DTYPE
from core.csv_out import FORMULA, csv_bytes


def cells(table: pd.DataFrame) -> list[list[str]]:
    """Return the cells of the CSV file, with those of the header first, as a spreadsheet gets them."""
    read = pd.read_csv(io.BytesIO(csv_bytes(table)), header=None, dtype=str, keep_default_na=False)
    return read.to_numpy().tolist()


@pytest.mark.case("p7")
@pytest.mark.parametrize(
    "text",
    ["=cmd|'/C calc'!A0.jpg", "@SUM(1+1).jpg", "-rf.jpg", "+1.jpg", "\t=1", "＝1", "-5", "'=1"],
)
def test_texts_that_begin_like_a_formula_get_an_apostrophe(text):
    table = pd.DataFrame({"image": [text, "a.jpg"], "n": [1, -2]})
    assert csv_bytes(table).decode().replace('"', "").startswith(f"image,n\n'{text},1\na.jpg,-2")


@pytest.mark.case("p7")
@pytest.mark.parametrize("line_break", ["\r", "\n", "\r\n"])
def test_a_text_of_several_lines_stays_in_its_cell(line_break):
    assert cells(pd.DataFrame({"a": [f"x{line_break}=1+1"]})) == [["a"], ["x\n=1+1"]]
    assert cells(pd.DataFrame({"a": [f"{line_break}=1+1"]})) == [["a"], ["'\n=1+1"]]


@pytest.mark.case("p7")
def test_column_names_and_categories_are_defused_too():
    table = pd.DataFrame({"=a": pd.Categorical(["+x", "y"]), "@b": ["'c", None]})
    assert cells(table) == [["'=a", "'@b"], ["'+x", "'c"], ["y", ""]]


def test_numbers_truth_values_and_emotions_stay_as_they_are():
    table = pd.DataFrame(
        {
            "number": [-1.5, float("nan")],
            "mixed": pd.Series([-3, "x"], dtype=object),
            "certain": [True, False],
            "emotion": pd.Series(["sad", None], dtype=EMOTION_DTYPE),
            "rows": [-1, 2],
        }
    )
    assert csv_bytes(table) == table.to_csv(index=False).encode()
    assert csv_bytes(table.iloc[:0]) == table.iloc[:0].to_csv(index=False).encode()


def test_equal_column_names_are_kept():
    table = pd.DataFrame([["=x", "y"], ["-z", 1]], columns=["a", "a"])
    assert csv_bytes(table).decode() == "a,a\n'=x,y\n'-z,1\n"


@pytest.mark.property
@pytest.mark.case("p7")
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=4))
def test_the_original_texts_can_be_read_back_and_none_begins_like_a_formula(texts):
    (_, *rows) = cells(pd.DataFrame({"a": texts, "b": "."}))
    shown = [row[0] for row in rows]
    assert not [text for text in shown if text[:1] in tuple("=+-@\t\r＝＋－＠")]
    restored = [text[1:] if FORMULA.match(text) else text for text in shown]
    assert restored == [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
