"""Stored predictions, histories and measurements with content that they cannot have: a sentence for each."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.__main__ import main
from core.benchmarks import robustness
from core.benchmarks.robustness import ROBUSTNESS, measure, read_robustness, write_robustness
from core.benchmarks.steadiness import STEADINESS, Steadiness, read_steadiness, write_steadiness
from core.classifiers.base import LabelledFaces
from core.data.shipped import load_manifest
from core.emotions import PROBABILITY_COLUMNS
from core.evaluation.metrics import summary
from core.evaluation.predictions import join_shared_images, scored_predictions
from core.files import json_line
from core.models import predictions_file
from core.models.folders import HISTORY, PREDICTIONS
from core.models.store import read_card, read_history, read_predictions
from core.training.descriptions import describe_training
from tests.fixtures.damage import change_predictions, is_read_or_refused, model_path, refusal
from tests.fixtures.fakes import FakeClassifier
from tests.fixtures.json_values import LEAVES, changed, json_values
from tests.fixtures.models import write_model


@pytest.fixture
def model(shipped: Path) -> str:
    """Write a model with predictions, a history, and measurements of robustness and steadiness; return its name."""
    write_model("one", skill=2)
    faces = LabelledFaces(np.zeros((12, 48, 48), np.uint8), np.full(12, 3))
    write_robustness("one", measure(FakeClassifier(answer="happy"), faces))
    write_steadiness("one", Steadiness(0.9, 0.88, 0.92, 12, 8, 42))
    return "one"


def with_values(table: pd.DataFrame, column: str, value: object) -> pd.DataFrame:
    """Return a copy with another value in the third row of a column."""
    values = table[column].astype(object)
    values.iloc[2] = value
    return table.assign(**{column: values.infer_objects()})


def without_sum(table: pd.DataFrame, total: float) -> pd.DataFrame:
    return table.assign(
        **{name: np.float32(total / 7) for name in PROBABILITY_COLUMNS}, confidence=np.float32(total / 7)
    )


PREDICTION_TABLES = {
    "without p_happy": lambda table: table.drop(columns="p_happy"),
    "without image_id": lambda table: table.drop(columns="image_id"),
    "without confidence": lambda table: table.drop(columns="confidence"),
    "an image twice": lambda table: pd.concat([table, table.head(1)]),
    "NaN": lambda table: with_values(table, "p_sad", np.nan),
    "a missing probability": lambda table: with_values(table, "p_sad", None),
    "inf": lambda table: with_values(table, "p_sad", np.inf),
    "below 0": lambda table: with_values(table, "p_sad", -0.2),
    "above 1": lambda table: with_values(table, "p_sad", 1.2),
    "all zero": lambda table: without_sum(table, 0),
    "sums of 2": lambda table: without_sum(table, 2),
    "percentages": lambda table: without_sum(table, 100),
    "happiness for happy": lambda table: with_values(table.assign(), "predicted_label", "happiness"),
    "an empty label": lambda table: with_values(table, "predicted_label", None),
    "labels that are numbers": lambda table: table.assign(predicted_label=table["predicted_label"].cat.codes),
    "ids that are numbers": lambda table: table.assign(image_id=range(len(table))),
    "an empty id": lambda table: with_values(table, "image_id", None),
    "probabilities that are texts": lambda table: table.assign(p_sad=table["p_sad"].astype(str)),
    "another confidence": lambda table: table.assign(confidence=np.float32(0.99)),
    "another label": lambda table: table.assign(
        predicted_label=table["predicted_label"].cat.rename_categories(
            list(table["predicted_label"].cat.categories[::-1])
        )
    ),
}


@pytest.mark.case("m5")
@pytest.mark.parametrize("change", PREDICTION_TABLES.values(), ids=PREDICTION_TABLES)
def test_impossible_predictions_are_refused(model, change):
    change_predictions(model, change)
    assert "one/predictions.parquet is damaged (" in refusal(lambda: read_predictions(model))


@pytest.mark.case("m5")
def test_the_parts_of_a_sentence_name_the_column_and_the_label(model):
    change_predictions(model, PREDICTION_TABLES["without p_happy"])
    assert "(the column p_happy is missing)" in refusal(lambda: read_predictions(model))
    write_model("two", skill=2)
    change_predictions("two", PREDICTION_TABLES["happiness for happy"])
    assert "(a predicted_label is 'happiness')" in refusal(lambda: read_predictions("two"))


@pytest.mark.case("m5")
def test_predictions_of_unknown_images_only_are_refused_by_evaluation_but_some_unknown_images_are_normal(model, capsys):
    change_predictions(model, lambda table: table.assign(image_id=["x/1", *table["image_id"].iloc[1:]]))
    assert len(scored_predictions(model, load_manifest())) == len(read_predictions(model)) - 1
    change_predictions(model, lambda table: table.assign(image_id=[f"x/{i}" for i in range(len(table))]))
    assert "has none of the 36 predicted images (such as x/0)" in refusal(
        lambda: scored_predictions(model, load_manifest())
    )
    assert main(["evaluate", model, "--stored", "--json"]) == 1
    output = capsys.readouterr()
    assert output.out == "" and "none of the 36 predicted images" in output.err


@pytest.mark.parametrize("kind", ["folder", "random bytes", "csv", "repeated column"])
def test_a_file_that_is_no_table_of_predictions_is_refused(model, kind):
    file = model_path(model, PREDICTIONS)
    table = pd.read_parquet(file)
    file.unlink()
    if kind == "folder":
        file.mkdir()
    elif kind == "random bytes":
        file.write_bytes(b"PAR1" + bytes(1000) + b"PAR1")
    elif kind == "csv":
        table.to_csv(file)
    else:
        whole = pa.Table.from_pandas(table)
        pq.write_table(whole.append_column("p_sad", whole.column("p_sad")), file)
    assert "one/predictions.parquet" in refusal(lambda: read_predictions(model))


def test_a_table_with_too_many_rows_is_refused_before_it_is_read(model, monkeypatch):
    monkeypatch.setattr(predictions_file, "MOST_ROWS", 10)
    monkeypatch.setattr(pq.ParquetFile, "read", lambda *_args, **_options: pytest.fail("the table was read"))
    assert "more than 10 rows" in refusal(lambda: read_predictions(model))


def test_other_columns_and_an_index_are_ignored(model):
    plain = read_predictions(model)
    file = model_path(model, PREDICTIONS)
    table = pd.read_parquet(file)
    table.assign(note="x").set_index("p_sad", drop=False).rename_axis("index").to_parquet(file)
    pd.testing.assert_frame_equal(read_predictions(model), plain)


HISTORY_HEADER = "step,train_loss,train_accuracy,val_loss,val_accuracy,learning_rate,kept\n"

HISTORIES = {
    "other columns": "epoch,loss\n1,0.5\n",
    "a missing column": HISTORY_HEADER.replace(",learning_rate", "") + "1,1,0.5,1,0.5,1\n",
    "a repeated column": "step," + HISTORY_HEADER,
    "a text": HISTORY_HEADER + "1,low,0.5,1,0.5,0.1,1\n",
    "NaN": HISTORY_HEADER + "nan,1,0.5,1,0.5,0.1,1\n",
    "infinity": HISTORY_HEADER + "1,inf,0.5,1,0.5,0.1,1\n",
    "an accuracy in percent": HISTORY_HEADER + "1,1,50,1,5,0.1,1\n",
    "a half step": HISTORY_HEADER + "1.5,1,0.5,1,0.5,0.1,1\n",
    "a long row": HISTORY_HEADER + "1,1,0.5,1,0.5,0.1,1,9\n",
    "a short row": HISTORY_HEADER + "1,1\n",
    "an open quote": HISTORY_HEADER + '"1,1,0.5,1,0.5,0.1,1\n',
    "a long cell": HISTORY_HEADER + "1" * 200_000,
    "empty": "",
    "a million columns": "," * 1_000_000,
    "3 MB": "x" * 3_000_000,
}


@pytest.mark.case("m6")
@pytest.mark.parametrize("content", HISTORIES.values(), ids=HISTORIES)
def test_a_history_of_another_form_is_refused(model, content):
    model_path(model, HISTORY).write_text(content)
    assert "one/history.csv" in refusal(lambda: read_history(model))


def test_a_history_may_be_empty_and_lack_values(model):
    model_path(model, HISTORY).write_text(HISTORY_HEADER)
    assert read_history(model).empty
    model_path(model, HISTORY).write_text(HISTORY_HEADER + "1,0.5,0.9,,,0.1,0\n")
    assert read_history(model)["val_loss"].isna().all()


ROBUSTNESS_TABLES = {
    "no clean row": lambda table: table.iloc[1:],
    "two clean rows": lambda table: pd.concat([table.head(1), table]),
    "only the clean row": lambda table: table.head(1),
    "a missing strength": lambda table: table.drop(index=3),
    "an unknown corruption": lambda table: table.replace("JPEG", "rain"),
    "an accuracy in percent": lambda table: table.assign(accuracy=100 * table["accuracy"]),
    "a reversed interval": lambda table: table.assign(low=table["high"], high=table["low"]),
    "an accuracy outside its interval": lambda table: table.assign(low=0.0, high=0.0),
    "no images": lambda table: table.assign(n=0),
    "half an image": lambda table: table.assign(n=0.5),
    "no amount": lambda table: table.assign(amount=""),
    "without a column": lambda table: table.drop(columns="unit"),
}


@pytest.mark.case("m6")
@pytest.mark.parametrize("change", ROBUSTNESS_TABLES.values(), ids=ROBUSTNESS_TABLES)
def test_a_robustness_table_of_another_form_is_refused(model, change):
    file = model_path(model, ROBUSTNESS)
    change(pd.read_csv(file, keep_default_na=False)).to_csv(file, index=False)
    message = refusal(lambda: read_robustness(model))
    assert "one/robustness.csv is damaged (" in message and "python -m core robustness one" in message


def test_a_robustness_table_may_lack_a_corruption(model):
    file = model_path(model, ROBUSTNESS)
    table = pd.read_csv(file, keep_default_na=False)
    table[table["corruption"] != "JPEG"].to_csv(file, index=False)
    assert len(read_robustness(model)) == len(table) - 5


STEADINESS_VALUES = {
    "a list": [1],
    "a text": {"share": "high", "low": 0, "high": 1, "n": 1, "draws": 1, "seed": 1},
    "a missing value": {"share": 0.5, "low": 0, "high": 1, "n": 1, "draws": 1},
    "another value": {"share": 0.5, "low": 0, "high": 1, "n": 1, "draws": 1, "seed": 1, "mood": 1},
    "a share above 1": {"share": 50, "low": 0, "high": 1, "n": 1, "draws": 1, "seed": 1},
    "NaN": {"share": float("nan"), "low": 0, "high": 1, "n": 1, "draws": 1, "seed": 1},
    "a reversed interval": {"share": 0.5, "low": 1, "high": 0, "n": 1, "draws": 1, "seed": 1},
    "no images": {"share": 0.5, "low": 0, "high": 1, "n": 0, "draws": 1, "seed": 1},
    "20 KB": {"share": 0.5, "low": 0, "high": 1, "n": 1, "draws": 1, "seed": 1, "x": "x" * 20_000},
}


@pytest.mark.case("m6")
@pytest.mark.parametrize("value", STEADINESS_VALUES.values(), ids=STEADINESS_VALUES)
def test_a_steadiness_of_another_form_is_refused(model, value):
    model_path(model, STEADINESS).write_text(json.dumps(value))
    assert "one/steadiness.json" in refusal(lambda: read_steadiness(model))


@contextmanager
def restored(file: Path) -> Iterator[bytes]:
    """Yield the content of a file, and write it back at the end of the `with` block."""
    original = file.read_bytes()
    try:
        yield original
    finally:
        file.write_bytes(original)


@pytest.mark.property
@given(data=st.data())
def test_a_predictions_table_with_any_other_column_is_read_or_refused(model, data):
    file = model_path(model, PREDICTIONS)
    table = pd.read_parquet(file)
    column = data.draw(st.sampled_from(list(table.columns)))
    values = st.one_of(
        st.lists(st.floats(), min_size=len(table), max_size=len(table)),
        st.lists(st.text(max_size=5) | st.none(), min_size=len(table), max_size=len(table)),
        st.lists(st.integers(-(2**63), 2**63 - 1), min_size=len(table), max_size=len(table)),
        st.lists(st.binary(max_size=5), min_size=len(table), max_size=len(table)),
        st.lists(st.lists(st.floats(0, 1), max_size=2), min_size=len(table), max_size=len(table)),
    )
    with restored(file):
        arrow_table = pa.Table.from_pandas(table)
        position = table.columns.get_loc(column)
        try:
            changed_table = arrow_table.set_column(position, column, pa.array(data.draw(values)))
        except UnicodeEncodeError:  # a text that no file can hold
            return
        pq.write_table(changed_table, file)
        is_read_or_refused(lambda: summary(join_shared_images(read_predictions(model), load_manifest())))


@pytest.mark.property
@given(data=st.data())
def test_a_predictions_file_with_other_bytes_is_read_or_refused(model, data):
    file = model_path(model, PREDICTIONS)
    with restored(file) as original:
        start = data.draw(st.integers(0, len(original)))
        file.write_bytes(original[:start] + data.draw(st.binary(max_size=40)) + original[start + 20 :])
        is_read_or_refused(lambda: read_predictions(model))


CELLS = st.one_of(
    LEAVES.map(str), st.sampled_from(["", "1", "0", "1e400", "-1", "1_000", "\N{ARABIC-INDIC DIGIT ONE}"])
)


@pytest.mark.property
@pytest.mark.parametrize(
    ("file_name", "use"),
    [
        (HISTORY, lambda model: describe_training(read_card(model), read_history(model))),
        (ROBUSTNESS, lambda model: json_line(asdict(robustness.summary(robustness.read_robustness(model))))),
    ],
)
@given(data=st.data())
def test_a_csv_table_with_any_other_cells_can_be_used_or_is_refused(model, file_name, use, data):
    file = model_path(model, file_name)
    rows = [line.split(",") for line in file.read_text().splitlines()]
    for _ in range(data.draw(st.integers(1, 3))):
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(CELLS)
    with restored(file):
        file.write_bytes("\n".join(",".join(row) for row in rows).encode("utf-8", "surrogatepass"))
        is_read_or_refused(lambda: use(model))


@pytest.mark.property
@given(data=st.data())
def test_a_steadiness_with_any_other_value_is_read_or_refused(model, data):
    file = model_path(model, STEADINESS)
    with restored(file) as original:
        value = data.draw(json_values() | st.just(None).map(lambda _: changed(json.loads(original), data)))
        file.write_text(json.dumps(value))
        is_read_or_refused(
            lambda: "{share:.1%} ({low:.1%} to {high:.1%}), {n:,}".format(**asdict(read_steadiness(model)))
        )
