"""Importing FER2013: stored files, splits, quality issues, reports, and errors for damaged or missing files."""

import io
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import paths
from core.data.importing import import_dataset, write_shipped
from core.data.issues import blank, conflicts, copies, leaks
from core.data.shipped import load_manifest, mean_faces, shipped_manifest
from core.data.splits import VAL_SHARE
from core.data.store import ABANDONED_AFTER_S, UNFINISHED_PREFIX, current_import
from core.exceptions import InputError
from tests.fixtures import synthetic


def read_all_files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_shipped_manifest_is_used_if_nothing_is_imported(shipped: Path) -> None:
    assert current_import() is None
    assert load_manifest().equals(shipped_manifest())


def test_importing_the_shipped_data_set_from_a_zip_stores_the_shipped_manifest(shipped: Path, archive: Path) -> None:
    report = import_dataset(archive)
    assert (report.status, report.images, report.matched, report.unmatched) == ("imported", 98, 98, 0)
    assert report.usage == {"Training": 70, "PublicTest": 14, "PrivateTest": 14}
    current = current_import()
    assert current.fingerprint == report.fingerprint
    assert current.manifest().equals(shipped_manifest())
    assert load_manifest().equals(shipped_manifest())


def test_faces_are_read_only_memory_maps_in_the_order_of_the_manifest(imported: Path) -> None:
    current = current_import()
    faces, manifest = current.faces(), current.manifest()
    assert isinstance(faces, np.memmap)
    assert not faces.flags.writeable
    assert faces.shape == (98, 48, 48)
    drawn = synthetic.images()
    for row, image_id in enumerate(manifest["image_id"]):
        assert np.abs(faces[row].astype(int) - drawn[image_id]).mean() < 5, image_id


def test_all_quality_issues_of_the_synthetic_data_set_are_found(imported: Path) -> None:
    manifest = load_manifest().set_index("image_id")
    with_copies = {*synthetic.COPIES, *synthetic.COPIES.values()}
    assert set(copies.duplicates(manifest.reset_index())["image_id"]) == with_copies
    assert set(leaks.leaks(manifest).index) == {"test/fear/PublicTest_0", "test/neutral/PrivateTest_1"}
    assert blank.blanks(manifest).index.tolist() == [synthetic.BLANK]
    assert set(conflicts.label_conflicts(manifest.reset_index())["image_id"]) == {
        "train/angry/Training_0",
        "train/sad/Training_0",
        "train/surprise/Training_4",
        "test/neutral/PrivateTest_1",
    }


def test_only_images_of_the_test_folder_get_the_split_test(imported: Path) -> None:
    manifest = load_manifest()
    in_test_folder = manifest["image_id"].str.startswith("test/")
    assert ((manifest["split"] == "test") == in_test_folder).all()


def test_each_emotion_has_val_images_and_copies_in_training_share_a_split(imported: Path) -> None:
    manifest = load_manifest()
    training = manifest[manifest["usage"] == "Training"]
    assert training.groupby("duplicate_group")["split"].nunique().max() == 1
    val = training[training["split"] == "val"]
    assert val["true_label"].value_counts().between(1, 3).all()
    assert len(val) >= VAL_SHARE * len(training)


def test_importing_the_same_data_again_writes_nothing_whether_from_a_zip_or_a_folder_or_an_upload(
    shipped: Path, archive: Path, tmp_path: Path
) -> None:
    first = import_dataset(archive)
    before = read_all_files(paths.DATA_DIR)
    folder = synthetic.write_folder(tmp_path / "unpacked", synthetic.files())
    upload = io.BytesIO(archive.read_bytes())
    upload.name = "archive.zip"
    for source in (archive, folder, upload):
        report = import_dataset(source)
        assert (report.status, report.fingerprint) == ("identical", first.fingerprint)
        assert "nothing was written" in report.sentences()[0]
    assert read_all_files(paths.DATA_DIR) == before


def test_a_second_import_replaces_the_first_which_can_be_imported_again(imported: Path, archive: Path) -> None:
    first = current_import().fingerprint
    content = synthetic.files()
    content["train/angry/Training_0.jpg"] = synthetic.jpeg(synthetic.draw_face(999))
    other = import_dataset(synthetic.write_zip(imported / "other.zip", content))
    assert current_import().fingerprint == other.fingerprint != first
    assert import_dataset(archive).status == "imported"
    assert current_import().fingerprint == first


def test_an_import_with_missing_and_new_images_keeps_the_shipped_splits_and_leaks(shipped: Path) -> None:
    """The shipped models were trained on all Training images, including those missing from this import."""
    expected = shipped_manifest().set_index("image_id")
    leaked, original = "test/fear/PublicTest_0", "train/fear/Training_3"
    content = {name: data for name, data in synthetic.files().items() if name != f"{original}.jpg"}
    content["train/happy/Training_77.jpg"] = content["train/happy/Training_0.jpg"]
    content["train/sad/Training_78.jpg"] = synthetic.jpeg(synthetic.draw_face(500))
    report = import_dataset(synthetic.write_zip(shipped / "part.zip", content))
    assert (report.images, report.matched, report.unmatched) == (99, 97, 2)
    manifest = load_manifest().set_index("image_id")
    in_both = manifest.index.intersection(expected.index)
    assert (manifest.loc[in_both, "split"] == expected.loc[in_both, "split"]).all()
    assert manifest.loc[leaked, "leaked"]
    assert manifest.loc["train/happy/Training_77", "split"] == expected.loc["train/happy/Training_0", "split"]
    assert manifest.loc["train/sad/Training_78", "split"] in ("train", "val")


def test_writing_the_shipped_files_again_gives_the_same_files(shipped: Path, archive: Path) -> None:
    before = read_all_files(paths.DATA_DIR)
    write_shipped(archive)
    assert read_all_files(paths.DATA_DIR) == before
    assert mean_faces().shape == (7, 48, 48)


def test_shipped_manifest_cannot_be_written_from_a_csv(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="needs image names"):
        write_shipped(synthetic.write_csv(tmp_path / "fer2013.csv"))


@pytest.mark.parametrize("content", [b"", b"PAR1 cut short", b"\x93NUMPY"])
@pytest.mark.parametrize(
    ("file", "read"),
    [
        ("manifest.parquet", shipped_manifest),
        ("means.npy", mean_faces),
        ("fer2013/{}/manifest.parquet", load_manifest),
        ("fer2013/{}/faces.npy", lambda: current_import().faces()),
    ],
)
def test_damaged_manifests_and_faces_raise_input_errors(
    imported: Path, file: str, read: Callable[[], object], content: bytes
) -> None:
    path = paths.DATA_DIR / file.format(current_import().fingerprint)
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"{path.name} is damaged or cannot be read; "):
        read()


def test_an_import_removes_old_unfinished_imports_but_not_recent_ones(shipped: Path, archive: Path) -> None:
    folder = paths.DATA_DIR / "fer2013"
    recent, old = folder / f"{UNFINISHED_PREFIX}recent", folder / f"{UNFINISHED_PREFIX}old"
    for unfinished in (recent, old):
        unfinished.mkdir(parents=True)
    long_ago_s = time.time() - ABANDONED_AFTER_S - 1
    os.utime(old, (long_ago_s, long_ago_s))
    import_dataset(archive)
    assert recent.exists() and not old.exists()


def test_shipped_files_are_read_from_the_project_if_the_data_folder_has_none(home: Path) -> None:
    assert len(shipped_manifest()) == 35_887
    assert mean_faces().shape == (7, 48, 48)


def test_missing_shipped_files_raise_input_errors(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "ROOT", home / "elsewhere")
    with pytest.raises(InputError, match=r"manifest\.parquet is missing; restore it from FERscope's repository"):
        shipped_manifest()
    with pytest.raises(InputError, match=r"means\.npy is missing"):
        mean_faces()


def test_an_import_reports_its_progress(shipped: Path, archive: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    import_dataset(archive, on_progress=lambda *step: steps.append(step))
    assert ("Reading images", 98, 98) in steps
    assert steps[-1] == ("Measuring faces", 1, 1)


def test_import_report_as_lines_of_text_and_as_a_dictionary(shipped: Path, archive: Path) -> None:
    report = import_dataset(archive)
    assert report.sentences() == [
        "Imported 98 images (Training 70 · PublicTest 14 · PrivateTest 14).",
        "98 of them are in the Kaggle archive and have stored predictions; 0 are not.",
    ]
    assert report.as_dict()["usage"] == {"Training": 70, "PublicTest": 14, "PrivateTest": 14}


def test_the_stored_manifest_file_has_the_columns_of_the_loaded_manifest(imported: Path) -> None:
    stored = pd.read_parquet(current_import().folder / "manifest.parquet")
    assert list(stored.columns) == list(load_manifest().columns)
