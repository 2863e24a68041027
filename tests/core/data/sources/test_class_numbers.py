"""Numbered classes mean different emotions in different data sets: content or the user tells which."""

from pathlib import Path

import pytest

from core.__main__ import main
from core.data.importing import import_dataset
from core.data.shipped import shipped_manifest
from core.data.sources import refusals
from core.data.sources.base import ReadOptions
from core.data.sources.words import NUMBERINGS, parse_classes
from core.data.store import current_import
from core.emotions import CSV_EMOTIONS, EMOTIONS
from core.exceptions import InputError
from tests.core.data.sources.test_folder_names import own_files
from tests.fixtures import synthetic


def numbered(order: tuple[str, ...], first: int = 0) -> dict[str, str]:
    return {emotion: str(number) for number, emotion in enumerate(order, start=first)}


def archive_with(words: dict[str, str]) -> dict[str, bytes]:
    return {"/".join([name.split("/")[0], words[name.split("/")[1]], name.split("/")[2]]): data
            for name, data in synthetic.files().items()}  # fmt: skip


@pytest.mark.case("d8")
@pytest.mark.parametrize("order", [CSV_EMOTIONS, EMOTIONS, tuple(reversed(EMOTIONS))])
@pytest.mark.parametrize("first", [0, 1])
def test_numbers_are_read_from_images_of_the_archive(shipped: Path, order: tuple[str, ...], first: int) -> None:
    report = import_dataset(synthetic.write_zip(shipped / "n.zip", archive_with(numbered(order, first))))
    assert report.matched == 98
    assert current_import().manifest()["true_label"].equals(shipped_manifest()["true_label"])
    assert any(f"{first} {order[0]}" in note for note in report.notes)


@pytest.mark.case("d8")
@pytest.mark.parametrize(("first", "proposal"), [(0, "affectnet"), (1, "rafdb")])
def test_numbers_of_other_images_are_refused_with_a_proposal(shipped: Path, first: int, proposal: str) -> None:
    files = own_files("train", "test", words=numbered(EMOTIONS, first))
    with pytest.raises(InputError, match=proposal) as error:
        import_dataset(synthetic.write_zip(shipped / "n.zip", files))
    assert f"numbered {first}, {first + 1}" in str(error.value)


@pytest.mark.case("d8")
@pytest.mark.parametrize("name", NUMBERINGS)
def test_numbers_have_the_meaning_that_the_user_gives(shipped: Path, name: str) -> None:
    words = {emotion: number for number, emotion in NUMBERINGS[name].items()}
    files = own_files("train", "test", words=words)
    path = synthetic.write_zip(shipped / "n.zip", files)
    assert main(["import", str(path), "--classes", name]) == 0
    manifest = current_import().manifest().set_index("image_id")
    for number, emotion in enumerate(EMOTIONS):
        assert manifest.loc[f"test/{emotion}/{number}", "true_label"] == emotion


@pytest.mark.case("d8")
def test_labels_in_file_names_are_read_if_the_user_names_classes(shipped: Path) -> None:
    files = {f"faces/{name.split('/')[1]}_{number}.jpg": data
             for number, (name, data) in enumerate(own_files("test").items())}  # fmt: skip
    path = synthetic.write_zip(shipped / "flat.zip", files)
    with pytest.raises(InputError, match="7 images were found in the folders faces, but no name tells an emotion"):
        import_dataset(path)
    import_dataset(path, ReadOptions(classes=parse_classes(",".join(EMOTIONS))))
    assert current_import().manifest()["true_label"].value_counts().tolist() == [1] * 7


@pytest.mark.case("d8")
def test_images_of_the_archive_without_any_label_get_its_labels(shipped: Path) -> None:
    files = {f"{number:05}.jpg": data for number, data in enumerate(synthetic.files().values())}
    report = import_dataset(synthetic.write_zip(shipped / "flat.zip", files))
    assert report.matched == 98
    labels = current_import().manifest()["true_label"]
    assert (labels == shipped_manifest()["true_label"]).mean() > 0.95  # exact copies have two labels
    assert any("have the archive's labels" in note for note in report.notes)


@pytest.mark.case("d8")
def test_a_wrong_order_of_classes_is_noticed(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = synthetic.write_csv(shipped / "fer2013.csv")
    with pytest.raises(InputError, match="show that it is 0 angry, 1 disgust, 2 fear, 3 happy, 4 sad, 5 surp"):
        import_dataset(path, ReadOptions(classes=NUMBERINGS["affectnet"]))
    monkeypatch.setattr(refusals, "MIN_COMPARED", 1000)
    assert import_dataset(path, ReadOptions(classes=NUMBERINGS["affectnet"])).images == 98


@pytest.mark.case("d8")
@pytest.mark.parametrize("text", ["", "emotions", "angry;sad", ",".join(EMOTIONS * 2), "-,-"])
def test_classes_that_are_not_understood_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="no list of emotions; use fer2013, affectnet, rafdb"):
        parse_classes(text)


def test_a_dash_leaves_a_class_out(shipped: Path) -> None:
    files = own_files("train", "test", words=numbered(EMOTIONS)) | {
        f"train/7/{n}.jpg": synthetic.jpeg(synthetic.draw_face(n)) for n in range(2000, 2004)
    }
    classes = parse_classes(",".join(EMOTIONS) + ",-")
    report = import_dataset(synthetic.write_zip(shipped / "n.zip", files), ReadOptions(classes=classes))
    assert (report.images, report.left_out) == (14, {"train/7": 4})


@pytest.mark.case("d8")
def test_the_order_of_folders_in_a_csv_is_noticed(shipped: Path) -> None:
    """Four of seven emotions have the same number in both orders, so most labels would agree."""
    order = {str(CSV_EMOTIONS.index(emotion)): str(number) for number, emotion in enumerate(EMOTIONS)}
    rows = synthetic.write_csv(shipped / "f.csv").read_text().splitlines()
    changed = [rows[0], *(order[row[0]] + row[1:] for row in rows[1:])]
    (shipped / "f.csv").write_text("\n".join(changed))
    with pytest.raises(InputError, match="3 happy, 4 neutral, 5 sad, 6 surprise"):
        import_dataset(shipped / "f.csv")
    import_dataset(shipped / "f.csv", ReadOptions(classes=parse_classes(",".join(EMOTIONS))))
    assert current_import().manifest()["true_label"].equals(shipped_manifest()["true_label"])


def test_counters_in_file_names_are_no_labels(shipped: Path) -> None:
    files = own_files("train", "test") | {
        f"train/contempt/{n}.jpg": synthetic.jpeg(synthetic.draw_face(2000 + n)) for n in range(7)
    }
    path = synthetic.write_zip(shipped / "n.zip", files)
    report = import_dataset(path, ReadOptions(classes=NUMBERINGS["fer2013"]))
    assert report.left_out == {"train/contempt": 7}


def test_numbers_that_are_missing_in_classes_are_named(shipped: Path) -> None:
    files = own_files("train", words=numbered(EMOTIONS, first=2))
    with pytest.raises(InputError, match="--classes does not say what 8 means"):
        import_dataset(synthetic.write_zip(shipped / "n.zip", files), ReadOptions(classes=NUMBERINGS["affectnet"]))
