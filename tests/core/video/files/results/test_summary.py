"""Summaries of the faces in a film: shares of labels, times, changes, and independence of how the table is cut."""

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from core.emotions import EMOTIONS
from core.video.files.results.summary import FaceSummaries
from tests.fixtures.film_tables import cut, film_table, random_film


def summaries(*parts: pd.DataFrame) -> list[dict]:
    faces = FaceSummaries()
    for part in parts:
        faces.add(part)
    return faces.faces()


def test_a_face_has_its_times_shares_and_changes() -> None:
    table = film_table(
        (1.0, 1, "happy", True), (1.5, 1, "happy", False), (2.0, 1, "sad", True), (2.5, 1, "happy", True)
    )
    (face,) = summaries(table)
    assert (face["face"], face["first_s"], face["last_s"]) == (1, 1.0, 2.5)
    assert face["models"]["cnn"] == {
        "share": dict.fromkeys(EMOTIONS, 0.0) | {"happy": 0.75, "sad": 0.25},
        "certain_share": 0.75,
        "changes": 2,
    }


def test_changes_are_counted_within_one_face_and_one_model() -> None:
    one = film_table((0.0, 1, "happy", True), (0.0, 2, "sad", True), (1.0, 1, "happy", True), (1.0, 2, "sad", True))
    other = film_table((0.0, 1, "fear", True), (0.0, 2, "angry", True), (1.0, 1, "angry", True), model="trees")
    both = pd.concat([one, other]).sort_values("time_s", kind="stable")
    changes = {(f["face"], name): m["changes"] for f in summaries(both) for name, m in f["models"].items()}
    assert changes == {(1, "cnn"): 0, (2, "cnn"): 0, (1, "trees"): 1, (2, "trees"): 0}


def test_faces_are_sorted_by_number_and_models_keep_their_order() -> None:
    table = pd.concat([film_table((0.0, n, "sad", True), model=m) for n in (10, 9, 2) for m in ("trees", "cnn")])
    faces = summaries(table)
    assert [face["face"] for face in faces] == [2, 9, 10]
    assert [list(face["models"]) for face in faces] == [["trees", "cnn"]] * 3


@pytest.mark.parametrize("positions", [(0,), (1,), (7, 7, 8), tuple(range(1, 300, 2)), (150, 299)])
def test_summaries_do_not_depend_on_how_the_table_is_cut(positions: tuple[int, ...]) -> None:
    table = random_film()
    assert summaries(*cut(table, *positions)) == summaries(table)


def test_summaries_agree_with_a_plain_count() -> None:
    table = random_film(seed=4)
    for face in summaries(table):
        for model, summary in face["models"].items():
            rows = table[(table["face"] == face["face"]) & (table["model"] == model)]
            labels = rows["predicted_label"].tolist()
            assert summary["share"] == {emotion: labels.count(emotion) / len(labels) for emotion in EMOTIONS}
            assert summary["certain_share"] == rows["certain"].mean()
            assert summary["changes"] == sum(a != b for a, b in pairwise(labels))
            assert (face["first_s"], face["last_s"]) == (rows["time_s"].min(), rows["time_s"].max())


def test_summaries_consist_of_plain_python_values() -> None:
    table = random_film(frames=40)
    table = table.astype({"model": "category", "predicted_label": "category", "time_s": np.float32})
    faces = summaries(table)
    assert json.loads(json.dumps(faces, allow_nan=False)) == faces
    assert {type(value) for face in faces for value in face.values()} == {int, float, dict}


def test_a_film_without_faces_has_no_summaries() -> None:
    assert summaries() == []
    assert summaries(random_film().iloc[:0]) == []
