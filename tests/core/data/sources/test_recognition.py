"""Images of the archive are recognised by their content, whatever their files are called."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.data.importing import import_dataset
from core.data.shipped import shipped_manifest
from core.data.sources.base import ReadOptions
from core.data.sources.matching import recognise
from core.data.store import current_import
from tests.fixtures import synthetic
from tests.fixtures.homes import ARCHIVE


def renamed(name: str, number: int, suffix: str = "jpg") -> str:
    split, emotion, _ = name.split("/")
    return f"{split}/{emotion}/im{number:05}.{suffix}"


def png(data: bytes, side: int = 48, resampling: int = Image.Resampling.BICUBIC) -> bytes:
    buffer = io.BytesIO()
    Image.open(io.BytesIO(data)).resize((side, side), resampling).save(buffer, "PNG")
    return buffer.getvalue()


def jpeg_again(data: bytes) -> bytes:
    buffer = io.BytesIO()
    Image.open(io.BytesIO(data)).save(buffer, "JPEG", quality=75)
    return buffer.getvalue()


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "unchanged": lambda data: data,
    "as PNG": png,
    "as JPEG again": jpeg_again,
    "enlarged to 96": lambda data: png(data, 96),
    "enlarged to 224": lambda data: png(data, 224, Image.Resampling.LANCZOS),
}


@pytest.mark.case("d1", "d2")
@pytest.mark.parametrize("form", FORMS)
def test_renamed_images_keep_their_id_split_and_label(shipped: Path, form: str) -> None:
    files = {renamed(name, n): FORMS[form](data) for n, (name, data) in enumerate(synthetic.files().items())}
    report = import_dataset(synthetic.write_zip(shipped / "renamed.zip", files))
    assert (report.images, report.matched, report.unmatched) == (98, 98, 0)
    columns = ["image_id", "usage", "split", "true_label"]
    assert current_import().manifest()[columns].equals(shipped_manifest()[columns])


@pytest.mark.case("d2")
def test_a_part_of_the_archive_mixed_with_other_images_counts_both(shipped: Path) -> None:
    archive = {renamed(name, n): data for n, (name, data) in enumerate(synthetic.files().items()) if n % 10}
    others = {f"train/happy/own_{n}.jpg": synthetic.jpeg(synthetic.draw_face(5000 + n)) for n in range(5)}
    report = import_dataset(synthetic.write_zip(shipped / "mixed.zip", archive | others))
    assert (report.matched, report.unmatched) == (len(archive), 5)
    ids = current_import().manifest()["image_id"]
    assert set(ids[~ids.isin(shipped_manifest()["image_id"])]) == {f"train/happy/own_{n}" for n in range(5)}


@pytest.mark.case("d2")
def test_an_image_that_comes_twice_is_recognised_once(shipped: Path) -> None:
    files = synthetic.files()
    twice = {f"copy/{name}": data for name, data in files.items()}
    report = import_dataset(synthetic.write_zip(shipped / "twice.zip", files | twice))
    assert (report.images, report.matched) == (196, 98)
    assert current_import().manifest()["image_id"].is_unique


@pytest.mark.case("d1")
def test_another_image_under_a_name_of_the_archive_is_not_taken_for_it(shipped: Path) -> None:
    files = synthetic.files()
    files["test/happy/PublicTest_0.jpg"] = synthetic.jpeg(synthetic.draw_face(777))
    report = import_dataset(synthetic.write_zip(shipped / "other.zip", files))
    assert (report.matched, report.unmatched) == (97, 1)
    assert "test/happy/PublicTest_0~2" in set(current_import().manifest()["image_id"])


@pytest.mark.case("d1")
def test_images_that_moved_to_another_split_keep_the_archives_split(shipped: Path) -> None:
    """A model was trained on the Training images, so they must not become test images."""
    swapped = {name.replace("train/", "x/").replace("test/", "train/").replace("x/", "test/"): data for name, data in
               synthetic.files().items()}  # fmt: skip
    report = import_dataset(synthetic.write_zip(shipped / "swapped.zip", swapped))
    assert report.matched == 98
    assert current_import().manifest()["split"].equals(shipped_manifest()["split"])
    assert any("in another split here" in note for note in report.notes)


def test_labels_that_differ_from_the_archives_are_kept_and_counted(shipped: Path) -> None:
    files = synthetic.files()
    files["train/sad/again.jpg"] = files.pop("train/happy/Training_4.jpg")
    report = import_dataset(synthetic.write_zip(shipped / "labels.zip", files))
    assert report.matched == 98
    assert "Images of the Kaggle archive that have another label here: 1." in report.notes
    manifest = current_import().manifest().set_index("image_id")
    assert manifest.loc["train/happy/Training_4", "true_label"] == "sad"


@pytest.mark.case("d1")
@pytest.mark.skipif(not ARCHIVE.is_file(), reason="the archive is not on this machine")
def test_measures_of_the_whole_archive_are_recognised_without_names_and_labels(fer2013) -> None:
    manifest = shipped_manifest()
    order = np.random.default_rng(0).permutation(len(manifest))
    unknown = manifest.iloc[order].assign(image_id="", split=None, usage=None).reset_index(drop=True)
    unknown["true_label"] = pd.Categorical([None] * len(unknown), dtype=manifest["true_label"].dtype)
    position, _ = recognise(unknown, manifest)
    assert sorted(position) == list(range(len(manifest)))
    found, expected = manifest["duplicate_group"].to_numpy()[position], manifest["duplicate_group"].to_numpy()[order]
    assert (found == expected).mean() > 0.999  # the rest are copies that only JPEG's rounding tells apart


@pytest.mark.case("d2")
def test_further_copies_get_the_split_of_the_archives_image(shipped: Path) -> None:
    """Otherwise, a copy of a training image could become a test image."""
    files = synthetic.files()
    copies = {f"copies/{'train' if n % 2 else 'test'}/{name.split('/')[1]}/{n}.jpg": jpeg_again(data)
              for n, (name, data) in enumerate(files.items())}  # fmt: skip
    report = import_dataset(synthetic.write_zip(shipped / "copies.zip", files | copies))
    assert (report.images, report.matched) == (196, 98)
    manifest, listed = current_import().manifest(), shipped_manifest()
    assert manifest["split"].value_counts().to_dict() == (2 * listed["split"].value_counts()).to_dict()
    assert "Images of the Kaggle archive that come once more, with the split that they have there: 98." in report.notes


def test_usages_that_a_csv_gives_are_kept_between_copies(shipped: Path) -> None:
    rows = synthetic.write_csv(shipped / "f.csv").read_text().splitlines()
    for part in (rows[:50], rows[:1] + rows[50:]):
        (shipped / "part.csv").write_text("\n".join(part))
        report = import_dataset(shipped / "part.csv", ReadOptions(allow_missing=True))
        expected = {usage: sum(row.endswith(usage) for row in part) for usage in report.usage}
        assert report.usage == expected
