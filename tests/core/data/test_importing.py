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
from core.data.issues import blank, copies, leaks
from core.data.issues import conflicts as issues_conflicts
from core.data.shipped import load_manifest, mean_faces, shipped_manifest
from core.data.splits import VAL_SHARE
from core.data.store import ABANDONED_AFTER_S, PARTIAL_PREFIX, current_import
from core.exceptions import InputError
from tests.fixtures import synthetic


def read_all(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_shipped_manifest_is_used_if_nothing_is_imported(shipped: Path) -> None:
    assert current_import() is None
    assert load_manifest().equals(shipped_manifest())


def test_import_of_a_zip(shipped: Path, archive: Path) -> None:
    report = import_dataset(archive)
    assert (report.status, report.images, report.matched, report.unmatched) == ("imported", 98, 98, 0)
    assert report.usage == {"Training": 70, "PublicTest": 14, "PrivateTest": 14}
    current = current_import()
    assert current.fingerprint == report.fingerprint
    assert current.manifest().equals(shipped_manifest())
    assert load_manifest().equals(shipped_manifest())


def test_faces_are_memory_mapped_in_the_order_of_the_manifest(imported: Path) -> None:
    current = current_import()
    faces, manifest = current.faces(), current.manifest()
    assert isinstance(faces, np.memmap)
    assert not faces.flags.writeable
    assert faces.shape == (98, 48, 48)
    drawn = synthetic.images()
    for row, image_id in enumerate(manifest["image_id"]):
        assert np.abs(faces[row].astype(int) - drawn[image_id]).mean() < 5, image_id


def test_quality_issues_are_found(imported: Path) -> None:
    manifest = load_manifest().set_index("image_id")
    known = {*synthetic.COPIES, *synthetic.COPIES.values()}
    assert set(copies.duplicates(manifest.reset_index())["image_id"]) == known
    assert set(leaks.leaks(manifest).index) == {"test/fear/PublicTest_0", "test/neutral/PrivateTest_1"}
    assert blank.blanks(manifest).index.tolist() == [synthetic.BLANK]
    conflicts = issues_conflicts.label_conflicts(manifest.reset_index())
    assert set(conflicts["image_id"]) == {
        "train/angry/Training_0",
        "train/sad/Training_0",
        "train/surprise/Training_4",
        "test/neutral/PrivateTest_1",
    }


def test_splits_of_the_synthetic_data_set(imported: Path) -> None:
    manifest = load_manifest()
    test = manifest["image_id"].str.startswith("test/")
    assert ((manifest["split"] == "test") == test).all()
    training = manifest[~test]
    assert training.groupby("duplicate_group")["split"].nunique().max() == 1
    val = training[training["split"] == "val"]
    assert val["true_label"].value_counts().between(1, 3).all()
    assert len(val) >= VAL_SHARE * len(training)


def test_zip_folder_and_upload_give_the_same_data(shipped: Path, archive: Path, tmp_path: Path) -> None:
    first = import_dataset(archive)
    before = read_all(paths.DATA_DIR)
    folder = synthetic.write_folder(tmp_path / "unpacked", synthetic.files())
    upload = io.BytesIO(archive.read_bytes())
    upload.name = "archive.zip"
    for source in (archive, folder, upload):
        report = import_dataset(source)
        assert (report.status, report.fingerprint) == ("identical", first.fingerprint)
        assert "nothing was written" in report.sentences()[0]
    assert read_all(paths.DATA_DIR) == before


def test_a_second_import_replaces_the_first_which_can_be_imported_again(imported: Path, archive: Path) -> None:
    first = current_import().fingerprint
    content = synthetic.files()
    content["train/angry/Training_0.jpg"] = synthetic.jpeg(synthetic.draw_face(999))
    other = import_dataset(synthetic.write_zip(imported / "other.zip", content))
    assert current_import().fingerprint == other.fingerprint != first
    assert import_dataset(archive).status == "imported"
    assert current_import().fingerprint == first


def test_a_partial_import_keeps_the_shipped_splits_and_leaks(shipped: Path) -> None:
    """The shipped models were trained on all Training images, including those missing from this import."""
    known = shipped_manifest().set_index("image_id")
    leaked, original = "test/fear/PublicTest_0", "train/fear/Training_3"
    content = {name: data for name, data in synthetic.files().items() if name != f"{original}.jpg"}
    content["train/happy/Training_77.jpg"] = content["train/happy/Training_0.jpg"]
    content["train/sad/Training_78.jpg"] = synthetic.jpeg(synthetic.draw_face(500))
    report = import_dataset(synthetic.write_zip(shipped / "part.zip", content))
    assert (report.images, report.matched, report.unmatched) == (99, 97, 2)
    manifest = load_manifest().set_index("image_id")
    in_both = manifest.index.intersection(known.index)
    assert (manifest.loc[in_both, "split"] == known.loc[in_both, "split"]).all()
    assert manifest.loc[leaked, "leaked"]
    assert manifest.loc["train/happy/Training_77", "split"] == known.loc["train/happy/Training_0", "split"]
    assert manifest.loc["train/sad/Training_78", "split"] in ("train", "val")


def test_shipped_files_are_deterministic(shipped: Path, archive: Path) -> None:
    before = read_all(paths.DATA_DIR)
    write_shipped(archive)
    assert read_all(paths.DATA_DIR) == before
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
def test_damaged_files_raise_input_errors(
    imported: Path, file: str, read: Callable[[], object], content: bytes
) -> None:
    path = paths.DATA_DIR / file.format(current_import().fingerprint)
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"{path.name} is damaged or cannot be read; "):
        read()


def test_an_import_removes_abandoned_partial_imports_only(shipped: Path, archive: Path) -> None:
    folder = paths.DATA_DIR / "fer2013"
    fresh, abandoned = folder / f"{PARTIAL_PREFIX}fresh", folder / f"{PARTIAL_PREFIX}abandoned"
    for partial in (fresh, abandoned):
        partial.mkdir(parents=True)
    over_an_hour_ago = time.time() - ABANDONED_AFTER_S - 1
    os.utime(abandoned, (over_an_hour_ago, over_an_hour_ago))
    import_dataset(archive)
    assert fresh.exists() and not abandoned.exists()


def test_shipped_files_are_read_from_the_code_if_the_data_folder_has_none(home: Path) -> None:
    assert len(shipped_manifest()) == 35_887
    assert mean_faces().shape == (7, 48, 48)


def test_missing_shipped_files_raise_input_errors(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "ROOT", home / "elsewhere")
    with pytest.raises(InputError, match=r"manifest\.parquet is missing; restore it from FERscope's repository"):
        shipped_manifest()
    with pytest.raises(InputError, match=r"means\.npy is missing"):
        mean_faces()


def test_progress_is_reported(shipped: Path, archive: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    import_dataset(archive, on_progress=lambda *step: steps.append(step))
    assert ("Reading images", 98, 98) in steps
    assert steps[-1] == ("Measuring faces", 1, 1)


def test_report_for_people_and_for_scripts(shipped: Path, archive: Path) -> None:
    report = import_dataset(archive)
    assert report.sentences() == [
        "Imported 98 images (Training 70 · PublicTest 14 · PrivateTest 14).",
        "98 of them are in the Kaggle archive and have stored predictions; 0 are not.",
    ]
    assert report.as_dict()["usage"] == {"Training": 70, "PublicTest": 14, "PrivateTest": 14}


def test_stored_manifest_has_the_same_columns(imported: Path) -> None:
    stored = pd.read_parquet(current_import().folder / "manifest.parquet")
    assert list(stored.columns) == list(load_manifest().columns)
