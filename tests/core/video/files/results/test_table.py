"""The table of a film: its rows, and the same values in parts, parquet and CSV."""

import pandas as pd
import pytest

from core.emotions import EMOTIONS
from core.recognition.quality import Quality
from core.recognition.reading import Reading
from core.video.files.results.table import COLUMNS, TYPES, TableWriter, frame_rows, read_chunks, write_chunk
from core.vision.faces import Face

HAPPY = tuple(float(emotion == "happy") for emotion in EMOTIONS)
EVEN = (1 / 7,) * 7
FACE = Face((10, 20, 110, 140), confidence=0.9)


def rows_of(frame: int) -> list[tuple[object, ...]]:
    quality = Quality(side=100, brightness=120.0, sharpness=300.0)
    reading = Reading(FACE, {"cnn": HAPPY, "trees": EVEN}, {"cnn": 0.5, "trees": 0.5}, 3, quality=quality)
    return frame_rows(frame, frame / 30, [reading])


def test_every_column_has_a_type():
    assert set(TYPES) == set(COLUMNS)


def test_a_frame_has_one_row_per_face_and_model():
    table = pd.DataFrame(rows_of(10), columns=COLUMNS)
    assert table["time_s"].tolist() == [0.333333] * 2
    assert table[["frame", "face", "model"]].to_numpy().tolist() == [[10, 3, "cnn"], [10, 3, "trees"]]
    assert table[["left", "top", "right", "bottom"]].to_numpy().tolist() == [[10, 20, 110, 140]] * 2
    assert table["predicted_label"][0] == "happy" and table["p_happy"][0] == 1
    assert table["certain"].tolist() == [True, False]
    assert table["reason"].isna().tolist() == [True, False] and table["reason"][1] == "low confidence"


@pytest.mark.parametrize("numbers", [[], [0], [0, 1, 2]])
def test_parquet_and_csv_hold_the_rows_of_all_parts(tmp_path, numbers):
    parts = [tmp_path / f"part-{number}.parquet" for number in range(len(numbers) + 1)]
    write_chunk(parts[0], [])  # nothing was found before the first part was stored
    for part, number in zip(parts[1:], numbers, strict=True):
        write_chunk(part, rows_of(number))
    with TableWriter(tmp_path / "all.parquet", tmp_path / "all.csv") as writer:
        for table in read_chunks(parts):
            writer.add(table)
    expected = pd.DataFrame([row for number in numbers for row in rows_of(number)], columns=COLUMNS)
    for table in (pd.read_parquet(tmp_path / "all.parquet"), pd.read_csv(tmp_path / "all.csv")):
        assert tuple(table.columns) == COLUMNS
        assert table["time_s"].tolist() == expected["time_s"].tolist()
        assert table["model"].tolist() == expected["model"].tolist()
        assert table["reason"].isna().tolist() == expected["reason"].isna().tolist()
    assert (tmp_path / "all.csv").read_text().count("time_s") == 1
