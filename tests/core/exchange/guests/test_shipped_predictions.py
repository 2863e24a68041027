"""The stored predictions of shipped models can be added as if they were those of others, for all of FER2013."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import paths
from core.data.shipped import shipped_manifest
from core.emotions import CSV_EMOTIONS, EMOTIONS, PROBABILITY_COLUMNS
from core.evaluation.predictions import join_manifest
from core.evaluation.scored_table import correct
from core.exceptions import InputError
from core.exchange.guests.guest import GuestFile, GuestOptions
from core.exchange.guests.predictions import ReadPredictions, read_predictions_file
from core.models.store import read_predictions

MODELS = ("cnn", "catboost-seed", "cnn-seed")

PERMUTED = ("sad", "angry", "surprise", "neutral", "happy", "disgust", "fear")


@pytest.fixture(scope="module")
def manifest() -> pd.DataFrame:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "DATA_DIR", paths.ROOT / "data")
        return shipped_manifest()


@pytest.fixture(params=MODELS)
def scored(request: pytest.FixtureRequest, manifest: pd.DataFrame) -> pd.DataFrame:
    """The scored table of a shipped model for all 7,178 test images, in the order of the sorted folders."""
    table = join_manifest(read_predictions(request.param), manifest)
    return table[table["split"] == "test"].sort_values("image_id", ignore_index=True)


def read(table: pd.DataFrame, manifest: pd.DataFrame, **options: bool) -> ReadPredictions:
    content = table.to_csv(index=False, **options).encode()  # type: ignore[arg-type]
    return read_predictions_file(GuestFile("mine.csv", content), GuestOptions(), manifest)


def probabilities(scored: pd.DataFrame, classes: tuple[str, ...] = EMOTIONS) -> pd.DataFrame:
    return scored[[f"p_{emotion}" for emotion in classes]].set_axis(range(7), axis=1)


def accuracy(predictions: pd.DataFrame, manifest: pd.DataFrame) -> float:
    return float(correct(join_manifest(predictions, manifest)).mean())


def test_rows_without_ids_are_in_the_order_of_the_sorted_folders(scored: pd.DataFrame, manifest: pd.DataFrame) -> None:
    added = read(probabilities(scored), manifest)
    assert added.proposal is None
    pd.testing.assert_frame_equal(
        added.table.sort_values("image_id", ignore_index=True)[list(PROBABILITY_COLUMNS)],
        scored[list(PROBABILITY_COLUMNS)],
        atol=1e-6,
    )


@pytest.mark.parametrize("classes", [CSV_EMOTIONS, PERMUTED], ids=["csv", "permuted"])
def test_a_wrong_order_of_classes_is_proposed(
    scored: pd.DataFrame, manifest: pd.DataFrame, classes: tuple[str, ...]
) -> None:
    proposal = read(probabilities(scored, classes), manifest).proposal
    assert proposal is not None
    assert proposal.classes == classes
    assert proposal.accuracy == correct(scored).mean()


def test_the_names_of_the_files_tell_all_images_apart(scored: pd.DataFrame, manifest: pd.DataFrame) -> None:
    names = scored["image_id"].str.split("/").str[-1] + ".jpg"
    table = probabilities(scored).assign(image_id=names).sample(frac=1, random_state=0)  # Keras' columns, shuffled
    added = read(table, manifest)
    assert added.proposal is None
    assert accuracy(added.table, manifest) == correct(scored).mean()


def test_shuffled_rows_lead_to_no_proposal(scored: pd.DataFrame, manifest: pd.DataFrame) -> None:
    assert read(probabilities(scored.sample(frac=1, random_state=0)), manifest).proposal is None


def test_every_constant_prediction_is_taken_as_it_is(manifest: pd.DataFrame) -> None:
    for label in range(7):
        assert read(pd.DataFrame({"label": np.full(7178, label)}), manifest).proposal is None


def test_3589_rows_need_an_import_of_the_csv(scored: pd.DataFrame, manifest: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"has 3,589 rows without image_id, .*; import fer2013.csv, or add a column"):
        read(probabilities(scored).head(3589), manifest)


@pytest.mark.parametrize("rows", [7177, 7179, 35887, 1])
def test_another_number_of_rows_is_refused_with_the_numbers_that_are_needed(
    manifest: pd.DataFrame, rows: int, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"needed are 7,178 \(imagefolder\), 3,589 \(csv-public\)"):
        read(pd.DataFrame({"label": np.zeros(rows, int)}), manifest)
