"""The comparison of distances: labels of the nearest faces, and altered copies that find their original."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.neighbors import NearestNeighbors

from core.__main__ import main
from core.benchmarks import similarity
from core.callbacks import no_progress
from core.data.store import Import, required_import
from core.exceptions import InputError
from tests.fixtures.models import write_model
from tests.fixtures.networks import write_network


@pytest.fixture
def data(imported) -> Import:
    write_network("mine", role="own")
    return required_import()


def test_every_distance_has_a_row_of_shares_and_mirrored_copies_are_always_found_by_the_last(data):
    table = similarity.measure(similarity.load_embed("mine"), data, no_progress)
    assert table.columns.tolist() == ["distance", "same_label", "mirrored", "shifted", "brighter"]
    assert table["distance"].tolist() == list(similarity.DISTANCES)
    assert table.drop(columns="distance").melt()["value"].between(0, 1).all()
    assert table["mirrored"].iloc[-1] == 1


def test_the_nearest_are_those_of_scikit_learn_without_the_group_that_is_left_out():
    random = np.random.default_rng(0)
    vectors, queries = (random.normal(size=(n, 5)).astype(np.float32) for n in (60, 300))
    groups = np.arange(60) // 2
    left_out = random.integers(0, 30, 300)
    found = similarity._nearest(vectors, queries, groups, left_out, 4)
    for query, group, rows in zip(queries, left_out, found, strict=True):
        allowed = np.flatnonzero(groups != group)
        expected = NearestNeighbors(n_neighbors=4).fit(vectors[allowed]).kneighbors(query[None])[1][0]
        assert set(rows) == set(allowed[expected])


def test_shifted_faces_move_by_two_pixels_and_one():
    faces = np.random.default_rng(0).integers(0, 256, (2, 48, 48), np.uint8)
    np.testing.assert_array_equal(similarity._shift(faces)[:, 1:, 2:], faces[:, :-1, :-2])


def test_models_that_were_trained_on_val_or_have_no_embedding_are_refused(data, monkeypatch):
    write_network("on-val", role="own", fit_on="train+val")
    with pytest.raises(InputError, match="was trained on the val images"):
        similarity.load_embed("on-val")
    write_model("trees", skill=1, family="catboost")
    monkeypatch.setattr(similarity, "load_trained", lambda name: pd.Series({"classifier": object()}))
    with pytest.raises(InputError, match="model trees has no embedding"):
        similarity.load_embed("trees")


def test_the_command_prints_the_table_or_json(data, capsys):
    assert main(["similar", "--measure", "mine", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["distance"] for row in rows] == list(similarity.DISTANCES)
    assert main(["similar", "--measure", "mine"]) == 0
    assert "cosine, with mirror image" in capsys.readouterr().out
