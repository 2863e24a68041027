"""Export a clean list, import it again: the same images, with their ids, labels, splits and usages."""

import csv
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.data.importing import import_dataset
from core.data.shipped import load_manifest
from core.data.sources.base import ReadOptions
from core.data.store import current_import
from core.emotions import CSV_EMOTIONS, EMOTIONS
from core.exchange.clean_out import FORMS, export_clean
from core.exchange.clean_out.export import ZIP_NAME
from core.exchange.clean_out.report import ALLOW_MISSING
from core.review import store
from core.review.clean_list import Choice, clean_list, parse_drop
from core.review.data_set import data_set_name
from core.review.marks import Mark
from tests.fixtures import synthetic

TIME = "2026-07-26T12:34:56Z"
FACTS = ["image_id", "usage", "split", "true_label"]


def kept_manifest(choice: Choice) -> pd.DataFrame:
    """Return the rows of the manifest that a clean list keeps, with its labels."""
    listed, manifest = clean_list(choice), load_manifest()
    kept = manifest.assign(true_label=listed["label"])[listed["keep"].to_numpy()]
    return kept[FACTS].astype(str).reset_index(drop=True)


def imported_again(source: Path) -> pd.DataFrame:
    import_dataset(source)
    return load_manifest()[FACTS].astype(str)


@pytest.mark.parametrize("form", FORMS)
def test_the_kept_images_come_back_with_their_ids_labels_splits_and_usages(form, imported, tmp_path):
    expected = kept_manifest(Choice())
    exported = export_clean(tmp_path / "clean", form, Choice())
    # 5 surplus copies and 1 blank image; the two originals of conflicts, which are no surplus copies
    assert (exported.kept, exported.left_out) == (98 - 8, 8)
    again = imported_again(tmp_path / "clean")
    assert again.equals(expected)
    assert not load_manifest()["leaked"].any() and load_manifest()["duplicate_group"].is_unique


def test_without_rules_the_folder_is_the_data_set_itself_pixel_by_pixel(imported, tmp_path):
    before = current_import()
    faces = np.array(before.faces())
    export_clean(tmp_path / "all", "folder", parse_drop("none"))
    import_dataset(tmp_path / "all")
    assert current_import().fingerprint == before.fingerprint
    assert np.array_equal(current_import().faces(), faces)


def test_the_zip_itself_can_be_imported_too_and_is_the_same_every_time(imported, tmp_path):
    for name in ("first", "second"):
        export_clean(tmp_path / name, "zip", Choice())
    first, second = ((tmp_path / name / ZIP_NAME).read_bytes() for name in ("first", "second"))
    assert first == second
    expected = kept_manifest(Choice())
    assert imported_again(tmp_path / "first" / ZIP_NAME).equals(expected)
    with zipfile.ZipFile(tmp_path / "first" / ZIP_NAME) as archive:
        assert {"README.md", "clean-list.csv", "train/angry/Training_1.png"} <= set(archive.namelist())


def test_the_csv_has_fer2013s_class_numbers_and_the_pixels_of_the_import(imported, tmp_path):
    export_clean(tmp_path / "clean", "csv", parse_drop("none"))
    with (tmp_path / "clean" / "fer2013.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    manifest, faces = load_manifest(), current_import().faces()
    assert list(rows[0]) == ["emotion", "pixels", "Usage"]
    expected = sorted(
        (str(CSV_EMOTIONS.index(label)), " ".join(map(str, face.ravel())), usage)
        for label, face, usage in zip(manifest["true_label"], faces, manifest["usage"], strict=True)
    )
    assert sorted(tuple(row.values()) for row in rows) == expected
    assert [row["Usage"] for row in rows] == ["Training"] * 70 + ["PublicTest"] * 14 + ["PrivateTest"] * 14


def test_rows_of_a_csv_keep_their_order(shipped, tmp_path):
    import_dataset(synthetic.write_csv(tmp_path / "fer2013.csv"))
    export_clean(tmp_path / "clean", "csv", parse_drop("none"))
    assert (tmp_path / "clean" / "fer2013.csv").read_bytes() == (tmp_path / "fer2013.csv").read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_a_corrected_label_comes_back_on_the_image_with_its_old_id(form, imported, tmp_path):
    image = "test/happy/PublicTest_1"  # its name also exists in sad, where it goes
    store.add(data_set_name(), [Mark(image, "wrong-label", "sad", "", TIME)])
    export_clean(tmp_path / "clean", form, Choice())
    again = imported_again(tmp_path / "clean").set_index("image_id")
    assert again.loc[image].tolist() == ["PublicTest", "test", "sad"]
    assert again.loc["test/sad/PublicTest_1", "true_label"] == "sad"


@pytest.mark.parametrize("form", FORMS)
def test_images_that_are_not_in_the_archive_keep_their_usages_labels_and_splits(form, home, archive, tmp_path):
    import_dataset(archive)  # the project's own manifest knows none of these images
    manifest = load_manifest()
    assert set(manifest["split"]) == {"train", "val", "test"}
    choice = parse_drop("exact,conflicts")
    expected = kept_manifest(choice)
    export_clean(tmp_path / "clean", form, choice)
    again = imported_again(tmp_path / "clean")
    columns = ["split", "true_label"]
    assert again[columns].value_counts().sort_index().equals(expected[columns].value_counts().sort_index())
    tests = [table.loc[table["split"] == "test", "usage"].value_counts() for table in (again, expected)]
    assert tests[0].equals(tests[1])


ODD_NAMES = (
    "a b",
    "=1+1",
    "a~2",
    "a",
    "A",
    "-x",
    "a,b",
    'quo"te',
    "new\nline",
    "ä🙂",
    "é" * 150,
    "é" * 150 + "z",
    "test_1",
    "sad",
)


@pytest.mark.parametrize("form", FORMS)
def test_images_with_odd_names_come_back_each_with_its_label_and_split(form, home, archive, tmp_path):
    names = [
        f"{split}/{emotion}/{name}.png" for split in ("train", "test") for emotion in EMOTIONS for name in ODD_NAMES
    ]
    files = {name: synthetic.jpeg(synthetic.draw_face(1000 + seed)) for seed, name in enumerate(names)}
    import_dataset(synthetic.write_zip(tmp_path / "odd.zip", files))
    before = labels_by_content()
    assert len(before) == len(names) == 196
    export_clean(tmp_path / "clean", form, parse_drop("none"))
    import_dataset(tmp_path / "clean")
    assert labels_by_content() == before


def labels_by_content() -> dict[bytes, tuple[str, str]]:
    """Return the pixels of each image of the data set in use -> its split and label."""
    manifest, faces = load_manifest(), current_import().faces()
    facts = zip(manifest["split"].astype(str), manifest["true_label"].astype(str), strict=True)
    return {face.tobytes(): fact for face, fact in zip(faces, facts, strict=True)}


@pytest.mark.parametrize("form", FORMS)
def test_a_data_set_without_test_images_of_some_emotions_comes_back(form, home, archive, tmp_path):
    files = {name: data for name, data in synthetic.files().items() if not name.startswith(("test/fear", "test/sad"))}
    import_dataset(synthetic.write_zip(tmp_path / "few.zip", files), options=ReadOptions(allow_missing=True))
    before = labels_by_content()
    exported = export_clean(tmp_path / "clean", form, parse_drop("none"))
    assert exported.notes == (ALLOW_MISSING.format(emotions="fear, sad", split="test"),)
    import_dataset(tmp_path / "clean", options=ReadOptions(allow_missing=True))
    assert labels_by_content() == before
