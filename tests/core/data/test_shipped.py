"""The shipped manifest and mean faces agree with known facts about FER2013, and with the archive if it is present."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import paths
from core.data.importing import import_dataset
from core.data.issues import blank, conflicts, copies, leaks
from core.data.manifest import COLUMNS
from core.data.shipped import mean_faces, shipped_manifest
from core.data.store import current_import
from core.emotions import EMOTIONS
from tests.fixtures.homes import ARCHIVE

IMAGES_PER_EMOTION = {
    "Training": [3995, 436, 4097, 7215, 4965, 4830, 3171],
    "PublicTest": [467, 56, 496, 895, 607, 653, 415],
    "PrivateTest": [491, 55, 528, 879, 626, 594, 416],
}
"""Usage -> number of images of each emotion, in the order of EMOTIONS."""


@pytest.fixture(scope="module")
def manifest() -> pd.DataFrame:
    return shipped_manifest()


def test_manifest_is_complete_and_sorted_by_unique_image_ids(manifest: pd.DataFrame) -> None:
    assert manifest.dtypes.astype(str).to_dict() == {name: str(dtype) for name, dtype in COLUMNS.items()}
    assert list(manifest.index) == list(range(35_887))
    assert manifest["image_id"].is_unique
    assert manifest["image_id"].is_monotonic_increasing
    assert manifest.notna().all(axis=None)


def test_file_names_without_folders_are_not_unique(manifest: pd.DataFrame) -> None:
    stems = manifest["image_id"].str.split("/").str[-1]
    assert stems.nunique() == 35_885
    assert set(stems[stems.duplicated()]) == {"Training_8475486", "Training_52789098"}


def test_number_of_images_of_each_emotion_in_each_usage(manifest: pd.DataFrame) -> None:
    counts = pd.crosstab(manifest["usage"], manifest["true_label"])
    assert list(counts.columns) == list(EMOTIONS)
    assert {usage: row.tolist() for usage, row in counts.iterrows()} == IMAGES_PER_EMOTION
    assert counts.loc["Training"].max() / counts.loc["Training"].min() == pytest.approx(16.5, abs=0.05)


def test_labels_usages_and_splits_agree_with_the_image_ids(manifest: pd.DataFrame) -> None:
    parts = manifest["image_id"].str.extract(r"^(train|test)/([a-z]+)/(Training|PublicTest|PrivateTest)_\d+$")
    assert (parts[1] == manifest["true_label"].astype(str)).all()
    assert (parts[2] == manifest["usage"].astype(str)).all()
    assert ((parts[0] == "test") == (manifest["split"] == "test")).all()


def test_numbers_of_copies_and_conflicts_and_leaks_and_blanks(manifest: pd.DataFrame) -> None:
    with_copies = copies.duplicates(manifest)
    assert with_copies["duplicate_group"].nunique() == 1_516
    assert len(with_copies) == 3_369
    assert len(manifest) - manifest["duplicate_group"].nunique() == 1_853
    assert conflicts.label_conflicts(manifest)["duplicate_group"].nunique() == 57
    assert leaks.leaks(manifest)["usage"].value_counts().to_dict() == {
        "PrivateTest": 288,
        "PublicTest": 280,
        "Training": 0,
    }
    assert ((manifest["split"] == "test") & ~manifest["leaked"]).sum() == 6_610
    assert blank.blanks(manifest)["usage"].value_counts().to_dict() == {
        "Training": 11,
        "PublicTest": 1,
        "PrivateTest": 0,
    }


def test_duplicate_group_is_the_row_of_the_first_copy(manifest: pd.DataFrame) -> None:
    first = manifest.groupby("duplicate_group")["image_id"].idxmin()
    assert (first.index == first).all()


def test_val_has_a_tenth_of_the_training_images_of_each_label_and_copies_share_a_split(manifest: pd.DataFrame) -> None:
    training = manifest[manifest["usage"] == "Training"]
    val_share = (training["split"] == "val").groupby(training["true_label"], observed=False).mean()
    assert val_share.between(0.099, 0.102).all()
    assert training.groupby("duplicate_group")["split"].nunique().max() == 1


def test_mean_faces_have_the_mean_brightness_of_the_training_images_of_their_class(manifest: pd.DataFrame) -> None:
    training = manifest[manifest["usage"] == "Training"]
    brightness = training.groupby("true_label", observed=False)["brightness"].mean()
    means = mean_faces()
    assert means.shape == (7, 48, 48)
    assert means.dtype == np.float32
    np.testing.assert_allclose(means.mean(axis=(1, 2)), brightness, atol=0.01)


@pytest.mark.skipif(not ARCHIVE.is_file(), reason="needs the real archive.zip")
def test_importing_the_archive_gives_the_shipped_manifest_and_faces_in_the_same_order(
    manifest: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("manifest.parquet", "means.npy"):
        (tmp_path / name).write_bytes((paths.DATA_DIR / name).read_bytes())
    monkeypatch.setattr(paths, "DATA_DIR", tmp_path)
    report = import_dataset(ARCHIVE)
    current = current_import()
    assert (report.matched, report.unmatched) == (35_887, 0)
    pd.testing.assert_frame_equal(current.manifest(), manifest, check_exact=True)
    faces = current.faces()
    assert (faces.shape, faces.dtype) == ((35_887, 48, 48), np.uint8)
    assert isinstance(faces, np.memmap)
    np.testing.assert_allclose(faces[::1000].mean(axis=(1, 2)), manifest["brightness"][::1000], rtol=1e-6)
