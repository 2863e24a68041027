"""Where doubts come from: models that were not trained on the images, and nothing else."""

import numpy as np
import pandas as pd
import pytest

from core import paths
from core.data.shipped import FER2013_FINGERPRINT, load_manifest
from core.data.store import required_import
from core.evaluation.out_of_sample import FILE_NAME, Origin, place_to_write, write_out_of_sample
from core.exceptions import InputError
from core.models.store import read_predictions
from core.review.doubts import agreement, doubts
from tests.fixtures.models import made_up_probabilities, write_model
from tests.fixtures.networks import write_network

ORIGIN = Origin("cnn-seed", {}, 5, 42, FER2013_FINGERPRINT)


@pytest.fixture(autouse=True)
def only_this_home(shipped, monkeypatch):
    """Hide FERscope's own table of Training images."""
    monkeypatch.setattr(paths, "ROOT", shipped)


def write_second_model() -> None:
    from dataclasses import replace

    from core.models.store import read_card, write_card

    folder = write_model("trees", skill=2, seed=5, family="catboost")
    write_card(replace(read_card("trees"), role="default"), folder)


def training() -> pd.DataFrame:
    manifest = load_manifest()
    return manifest[manifest["usage"] == "Training"].reset_index(drop=True)


def test_test_doubts_are_the_probabilities_of_the_default_network():
    write_network()
    table = doubts("test")
    manifest = load_manifest()
    expected = read_predictions("cnn").merge(manifest[manifest["split"] == "test"], on="image_id")
    scores = {row["image_id"]: row[f"p_{row['true_label']}"] for _, row in expected.iterrows()}
    assert len(table) == len(scores) == 28
    assert {row.image_id: row.score for row in table.itertuples()} == pytest.approx(scores)
    assert table["score"].is_monotonic_increasing


def test_val_never_has_doubts_from_a_stored_model_even_if_it_was_not_trained_on_val():
    write_network()
    val = load_manifest().query("split == 'val'")["image_id"]
    assert set(val) <= set(read_predictions("cnn")["image_id"]) and len(val)
    assert not doubts("test")["image_id"].isin(val).any()
    assert doubts("training") is None


def test_only_the_default_network_and_neither_guests_nor_own_models_are_asked():
    write_network("mine", role="own")
    write_second_model()
    assert doubts("test") is None
    write_network()
    assert len(doubts("test")) == 28


def test_training_doubts_are_those_of_the_folds_by_image_id():
    table = training().sample(frac=1, random_state=0)
    probabilities = made_up_probabilities(table, skill=1, seed=3)
    write_out_of_sample(paths.DATA_DIR / FILE_NAME, table["image_id"], probabilities, ORIGIN)
    found = doubts("training")
    assert len(found) == 70 and found["rank"].tolist() == list(range(1, 71))
    of_label = probabilities[np.arange(70), table["true_label"].cat.codes]
    expected = dict(zip(table["image_id"], of_label, strict=True))
    assert {row.image_id: row.score for row in found.itertuples()} == pytest.approx(expected, abs=3e-4)


def test_images_that_the_data_set_lacks_and_test_images_are_left_out():
    ids = pd.Series(["train/sad/Training_1", "train/sad/Training_999", "test/sad/PublicTest_0"])
    write_out_of_sample(paths.DATA_DIR / FILE_NAME, ids, np.full((3, 7), 1 / 7, np.float32), ORIGIN)
    assert doubts("training")["image_id"].tolist() == ["train/sad/Training_1"]
    write_out_of_sample(paths.DATA_DIR / FILE_NAME, ids[1:], np.full((2, 7), 1 / 7, np.float32), ORIGIN)
    assert doubts("training") is None


def test_a_damaged_table_and_damaged_predictions_are_named(imported):
    place_to_write(required_import()).write_bytes(b"damaged")
    with pytest.raises(InputError, match=FILE_NAME):
        doubts("training")
    folder = write_network()
    (folder / "predictions.parquet").write_bytes(b"damaged")
    with pytest.raises(InputError, match=r"predictions\.parquet"):
        doubts("test")


def test_a_second_model_says_whether_it_agrees():
    write_network()
    assert agreement(doubts("test")) is None
    write_second_model()
    table = agreement(doubts("test"))
    answers = read_predictions("trees").set_index("image_id")
    assert len(table) == 28 and table["rank"].tolist() == list(range(1, 29))
    for row in table.itertuples():
        assert row.second_label == answers.loc[row.image_id, "predicted_label"]
        assert row.second_score == pytest.approx(answers.loc[row.image_id, f"p_{row.true_label}"])
        assert row.agrees == (str(row.second_label) == str(row.suggested_label))
    assert 0 < table["agrees"].sum() < 28


def test_an_unknown_split_is_a_programming_error():
    with pytest.raises(ValueError, match="train"):
        doubts("train")
