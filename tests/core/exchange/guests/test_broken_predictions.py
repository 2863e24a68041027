"""Predictions that cannot be used are refused with one sentence, and nothing is added."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.shipped import load_manifest
from core.emotions import CSV_EMOTIONS, EMOTIONS
from core.exceptions import LONGEST_MESSAGE, InputError
from core.exchange.guests import adding, table_file
from core.exchange.guests.guest import GuestFile, GuestOptions
from core.exchange.guests.names import check_name, suggested_name
from core.exchange.guests.predictions import read_predictions_file
from core.exchange.guests.table_columns import find_columns
from core.exchange.guests.table_file import read_table
from core.exchange.guests.values import read_values
from core.models.folders import guests_folder
from tests.fixtures.models import made_up_probabilities, write_model


def good_table() -> pd.DataFrame:
    """Return a table that can be added: image_id and p_angry ... for all test images of the synthetic FER2013."""
    manifest = load_manifest()
    test = manifest[manifest["split"] == "test"]
    table = pd.DataFrame(made_up_probabilities(test, skill=3, seed=0), columns=[f"p_{name}" for name in EMOTIONS])
    table.insert(0, "image_id", test["image_id"].to_numpy())
    return table


def csv_bytes(table: pd.DataFrame, **options: object) -> bytes:
    return table.to_csv(**{"index": False, **options}).encode()  # type: ignore[no-any-return]


def with_value(table: pd.DataFrame, row: int, column: str, value: object) -> pd.DataFrame:
    changed = table.astype({column: object})
    changed.loc[row, column] = value
    return changed


def without_ids(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns="image_id")


def labels(table: pd.DataFrame, *values: object) -> pd.DataFrame:
    """Return a table of ids and labels that begins with these labels."""
    rest = ["happy"] * (len(table) - len(values))
    return pd.DataFrame({"image_id": table["image_id"], "label": [*values, *rest]})


def parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer)
    return buffer.getvalue()


BROKEN: dict[str, tuple[str, Callable[[pd.DataFrame], bytes], str]] = {
    "empty": ("m.csv", lambda t: b"", "is empty"),
    "blank": ("m.csv", lambda t: b" \r\n\n", "is empty"),
    "header alone": ("m.csv", lambda t: csv_bytes(t.head(0)), "no rows below its header"),
    "prose": ("m.csv", lambda t: b"Dear all,\nthe predictions follow\nBest regards\n", "fields in line|columns"),
    "one line of prose": ("m.csv", lambda t: b"my predictions are great", "no rows below its header"),
    "picture": ("m.csv", lambda t: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "not a text file"),
    "noise": ("m.csv", lambda t: bytes(range(128, 256)) * 50, "not a text file"),
    "CSV called parquet": ("m.parquet", csv_bytes, "damaged or cannot be read"),
    "parquet called CSV": ("m.csv", parquet, "not a text file"),
    "parquet cut in half": ("m.parquet", lambda t: parquet(t)[: len(parquet(t)) // 2], "damaged or cannot be read"),
    "other ending": ("m.xlsx", csv_bytes, r"cannot be read; use predictions \(.csv"),
    "no ending": ("m", csv_bytes, r"cannot be read; use predictions"),
    "Keras": ("m.h5", csv_bytes, "ONNX"),
    "too few rows": ("m.csv", lambda t: csv_bytes(without_ids(t.iloc[1:])), "has 27 rows without image_id; needed are"),
    "too many rows": ("m.csv", lambda t: csv_bytes(without_ids(pd.concat([t, t.head(1)]))), "has 29 rows without"),
    "half of the rows": (
        "m.csv",
        lambda t: csv_bytes(without_ids(t.head(14))),
        "rows of fer2013.csv; import fer2013.c",
    ),
    "six columns": ("m.csv", lambda t: csv_bytes(t.drop(columns="p_fear")), "6 of the seven emotions; add fear"),
    "six numbers": (
        "m.csv",
        lambda t: csv_bytes(without_ids(t).iloc[:, :6], header=False),
        "6 columns of numbers for the seven",
    ),
    "eight numbers": ("m.csv", lambda t: csv_bytes(without_ids(t).assign(x=1), header=False), "8 columns of numbers"),
    "two columns for happy": ("m.csv", lambda t: csv_bytes(t.assign(p_happiness=1)), "several columns for happy"),
    "the same column twice": (
        "m.csv",
        lambda t: csv_bytes(t.rename(columns={"p_fear": "p_sad"})),
        "several columns p_sad; remove all but one",
    ),
    "two columns of labels": (
        "m.csv",
        lambda t: csv_bytes(labels(t).assign(emotion="sad")),
        "label and emotion; keep only the predicted",
    ),
    "fer2013.csv": ("m.csv", lambda t: b"emotion,pixels,Usage\n0,1 2 3,PublicTest\n", "holds images, not predictions"),
    "NaN": (
        "m.csv",
        lambda t: csv_bytes(with_value(t, 2, "p_sad", np.nan)),
        "no finite number in line 4, column p_sad",
    ),
    "infinity": ("m.csv", lambda t: csv_bytes(with_value(t, 2, "p_sad", np.inf)), "no finite number in line 4"),
    "text among numbers": (
        "m.csv",
        lambda t: csv_bytes(with_value(t, 0, "p_sad", "high")),
        "no finite number in line 2",
    ),
    "NaN in parquet": ("m.parquet", lambda t: parquet(t.assign(p_fear=[*t["p_fear"][1:], None])), "in row 28, column"),
    "a row that adds up to 1.5": (
        "m.csv",
        lambda t: csv_bytes(with_value(t, 3, "p_fear", t["p_fear"][3] + 0.5)),
        r"do not add up to 1 in line 5 \(the sum is 1.5\)",
    ),
    "sigmoids": (
        "m.csv",
        lambda t: csv_bytes(pd.DataFrame(np.full((len(t), 7), 0.4))),
        r"neither add up to 1 nor are logits, such as line 2 \(its sum is 2.8\)",
    ),
    "an unknown id": (
        "m.csv",
        lambda t: csv_bytes(with_value(t, 1, "image_id", "test/angry/PrivateTest_99")),
        "has 1 image ids that are not in the data set in use, such as 'test/angry/PrivateTest_99'",
    ),
    "an empty id": ("m.csv", lambda t: csv_bytes(with_value(t, 1, "image_id", None)), "1 image ids that are not"),
    "ids of two images": (
        "m.csv",
        lambda t: csv_bytes(t.assign(image_id=t["image_id"].str.split("/").str[-1])),
        "several images share, such as 'PrivateTest_0'; add the folders",
    ),
    "an id twice": ("m.csv", lambda t: csv_bytes(pd.concat([t, t.tail(1)])), "has 1 images twice, such as test/"),
    "missing ids": ("m.csv", lambda t: csv_bytes(t.iloc[3:]), "lacks 3 of the 28 test images, such as test/angry"),
    "a label outside the seven": (
        "m.csv",
        lambda t: csv_bytes(labels(t, "happy", "contempt")),
        "the label 'contempt' in line 3, which is not one of angry",
    ),
    "a number outside the seven": ("m.csv", lambda t: csv_bytes(labels(t, *[6] * 20, 7)), "the label '7' in line 22"),
    "an empty label": ("m.csv", lambda t: csv_bytes(labels(t, "sad", None)), "the label '' in line 3"),
    "fields of another number": ("m.csv", lambda t: csv_bytes(t) + b"test/x,1,2\n", "has 3 fields in line 30, but 8"),
    "a long field": ("m.csv", lambda t: b"image_id,label\n" + b"x" * 2000 + b",1\n", "1,000 characters in a field"),
    "many columns": ("m.csv", lambda t: b"x,y" + b",1" * 200, "m.csv has more than 200,000 rows, 100 columns"),
    "an open quote": ("m.csv", lambda t: b'image_id,label\n"' + b"x" * 200_000, "not a CSV file"),
}
"""Name -> name of the file, function that makes its content from `good_table`, pattern of the message."""


@pytest.mark.parametrize("fault", BROKEN)
def test_predictions_that_cannot_be_used_are_refused_with_one_sentence(
    imported: Path, tmp_path: Path, fault: str
) -> None:
    name, content, message = BROKEN[fault]
    path = tmp_path / name
    path.write_bytes(content(good_table()))
    with pytest.raises(InputError, match=message) as refusal:
        adding.add(path, "mine", GuestOptions())
    text = str(refusal.value)
    assert len(text) <= LONGEST_MESSAGE
    assert "\n" not in text
    assert not guests_folder().exists()


def test_the_table_from_which_broken_ones_are_made_is_not_broken(imported: Path, tmp_path: Path) -> None:
    for name, content in (("a.csv", csv_bytes(good_table())), ("b.parquet", parquet(good_table()))):
        (tmp_path / name).write_bytes(content)
        assert adding.add(tmp_path / name, name[0], GuestOptions()).card.score("test").n == 28


def test_predictions_need_no_imported_images(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_bytes(csv_bytes(good_table()))
    assert adding.add(tmp_path / "m.csv", "mine", GuestOptions()).card.score("test").n == 28


def test_too_many_rows_and_bytes_are_refused(monkeypatch: pytest.MonkeyPatch, imported: Path, tmp_path: Path) -> None:
    table = good_table()
    monkeypatch.setattr(table_file, "MOST_ROWS", 20)
    for name, content in (("m.csv", csv_bytes(table)), ("m.parquet", parquet(table))):
        with pytest.raises(InputError, match="more than 20 rows"):
            read_table(GuestFile(name, content))
    monkeypatch.setattr(table_file, "MOST_BYTES", 1000)
    with pytest.raises(InputError, match="MB"):
        read_table(GuestFile("m.csv", csv_bytes(table)))


def test_a_parquet_file_with_long_texts_is_refused_although_it_is_small() -> None:
    buffer = io.BytesIO()
    texts = pa.DictionaryArray.from_arrays(pa.array(np.zeros(300, np.int32)), pa.array(["x" * 1_000_000]))
    pq.write_table(pa.table({"note": texts, "label": np.zeros(300)}), buffer, store_schema=False)
    with pytest.raises(InputError, match="1,000 characters in a field"):
        read_table(GuestFile("m.parquet", buffer.getvalue()))


def test_columns_of_other_types_than_numbers_and_texts_are_left_out(imported: Path) -> None:
    content = parquet(good_table().assign(embedding=[[1.0, 2.0]] * 28, day=pd.Timestamp("2026-01-01")))
    assert read_table(GuestFile("m.parquet", content)).names == list(good_table().columns)


def true_labels(table: pd.DataFrame) -> pd.Series:
    return table["image_id"].str.split("/").str[1]


@pytest.mark.parametrize(
    "columns",
    [
        lambda true: {"label": true, "my-net": "happy"},
        lambda true: {"emotion": true.map(EMOTIONS.index)},
        lambda true: {"class": true.map(CSV_EMOTIONS.index)},
        lambda true: {emotion: (true == emotion).astype(int) for emotion in EMOTIONS},
    ],
    ids=["words", "numbers", "numbers of fer2013.csv", "one-hot"],
)
def test_true_labels_are_not_taken_for_predictions(
    imported: Path, tmp_path: Path, columns: Callable[[pd.Series], dict[str, object]]
) -> None:
    table = good_table()
    (tmp_path / "m.csv").write_bytes(csv_bytes(table[["image_id"]].assign(**columns(true_labels(table)))))
    with pytest.raises(InputError, match="true labels of all 28 images; name the column with the predictions"):
        adding.add(tmp_path / "m.csv", "mine", GuestOptions(), as_given=True)
    assert not guests_folder().exists()


def test_perfect_predictions_are_added_if_their_column_is_named_so(imported: Path, tmp_path: Path) -> None:
    table = good_table()
    content = csv_bytes(table[["image_id"]].assign(predicted_label=true_labels(table)))
    (tmp_path / "m.csv").write_bytes(content)
    assert adding.add(tmp_path / "m.csv", "mine", GuestOptions()).card.score("test").accuracy == 1


@pytest.mark.parametrize("name", ["truth", "actual", "gt", "correct"])
def test_six_columns_beside_true_labels_are_six_columns(name: str) -> None:
    table = pd.DataFrame(np.full((3, 6), 0.1)).add_prefix("x").assign(**{name: [3, 0, 2]})
    with pytest.raises(InputError, match="has 6 columns of numbers"):
        find_columns(read_table(GuestFile("m.csv", csv_bytes(table))))


def test_a_header_that_is_taken_for_a_row_is_named_in_the_message(imported: Path) -> None:
    content = csv_bytes(pd.DataFrame(np.zeros(28, int)))
    with pytest.raises(InputError, match=r"has 29 rows without image_id.* If its first line is a header"):
        read_predictions_file(GuestFile("m.csv", content), GuestOptions(), load_manifest())


@pytest.mark.parametrize(
    ("order", "message"), [("csv-test", "does not know the rows"), ("imagefolder", "needed are 28")]
)
def test_an_order_that_does_not_fit_is_refused(imported: Path, order: str, message: str) -> None:
    table = without_ids(good_table()).iloc[: 28 if order == "csv-test" else 14]
    with pytest.raises(InputError, match=message):
        read_predictions_file(GuestFile("m.csv", csv_bytes(table)), GuestOptions(order=order), load_manifest())  # type: ignore[arg-type]


def test_shuffled_predictions_are_added_with_a_note(imported: Path, tmp_path: Path) -> None:
    shuffled = without_ids(good_table()).set_axis(range(7), axis=1).iloc[np.r_[14:28, 0:14]]
    (tmp_path / "m.csv").write_bytes(csv_bytes(shuffled))
    added = adding.add(tmp_path / "m.csv", "mine", GuestOptions(), as_given=True)
    assert "hardly better than chance; check that the rows have this order" in added.note


def test_given_orders_that_the_file_tells_are_not_used_and_a_note_says_so(imported: Path) -> None:
    options = GuestOptions(order="csv-public", classes=EMOTIONS[::-1])
    read = read_predictions_file(GuestFile("m.csv", csv_bytes(good_table())), options, load_manifest())
    assert read.recipe == {"values": "probabilities", "order": None, "classes": list(EMOTIONS)}
    assert "the given order was not used" in read.note
    assert "the given order of classes was not used" in read.note


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".hidden",
        "-x",
        "a/b",
        "a\\b",
        "..",
        "x" * 41,
        "ünï",
        "a b",
        "a\nb",
        "x.",
        "guests",
        "Detectors",
        "NUL",
        "com1.x",
    ],
)
def test_impossible_names_are_refused_before_the_file_is_read(imported: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name of a guest") as refusal:
        adding.add(tmp_path / "missing.csv", name, GuestOptions())
    assert len(str(refusal.value)) <= LONGEST_MESSAGE


def test_names_of_models_recipes_and_guests_are_taken_in_any_case(imported: Path, tmp_path: Path) -> None:
    write_model("my-net", skill=1)
    (tmp_path / "m.csv").write_bytes(csv_bytes(good_table()))
    adding.add(tmp_path / "m.csv", "mine", GuestOptions())
    for name in ("my-net", "My-Net", "cnn-seed", "CNN-seed", "mine", "MINE"):
        with pytest.raises(InputError, match=r"is the name of one of FERscope's models|is taken by another guest"):
            check_name(name)
    for name in ("Mine2", "7", "a.b_c-d", "x" * 40):
        check_name(name)


@given(st.text(max_size=60))
def test_a_suggested_name_can_be_taken(stem: str) -> None:
    check_name(f"{suggested_name(GuestFile(f'{stem}.csv', b''))[:38]}-1")


@pytest.mark.property
@given(st.sampled_from(["m.csv", "m.txt", "m.tsv", "m.parquet"]), st.binary(max_size=200) | st.text().map(str.encode))
def test_any_bytes_are_a_table_or_refused_with_a_sentence(name: str, content: bytes) -> None:
    check_is_read_or_refused(name, content)


CELLS = st.sampled_from(["0", "1", "0.5", "0,5", "-3", "nan", "", "happy", "test/angry/PrivateTest_0", '"', "image_id"])


@pytest.mark.property
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=9), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", " ", "|"]),
)
def test_any_cells_are_a_table_or_refused_with_a_sentence(rows: list[list[str]], separator: str) -> None:
    check_is_read_or_refused("m.csv", "\n".join(separator.join(row) for row in rows).encode())


def check_is_read_or_refused(name: str, content: bytes) -> None:
    try:
        table = read_table(GuestFile(name, content))
        probabilities, _, _ = read_values(table, find_columns(table))
    except InputError as error:
        assert len(str(error)) <= LONGEST_MESSAGE
        assert "\n" not in str(error)
    else:
        assert probabilities.shape == (table.rows, 7)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1)
