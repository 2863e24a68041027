"""Folders and files are understood by the names that people use; whatever is not read is counted and named."""

import io
from pathlib import Path

import pytest
from PIL import Image

from core.data.importing import ImportReport, import_dataset
from core.data.sources.base import ReadOptions
from core.data.sources.words import emotion_of, split_of
from core.data.store import current_import
from core.emotions import EMOTIONS
from core.exceptions import InputError
from core.vision.formats import SUFFIXES
from tests.fixtures import synthetic

OTHER_WORDS = {
    "angry": "Anger",
    "disgust": "disgusted",
    "fear": "FEARFUL",
    "happy": "happiness",
    "neutral": "Neutral",
    "sad": "sadness",
    "surprise": "surprised",
}


def own_files(*splits: str, words: dict[str, str] | None = None) -> dict[str, bytes]:
    """Return one image per split and emotion that is not in the archive."""
    return {
        f"{split}/{(words or {}).get(emotion, emotion)}/{number}.jpg": synthetic.jpeg(
            synthetic.draw_face(10_000 + 100 * position + number)
        )
        for position, split in enumerate(splits)
        for number, emotion in enumerate(EMOTIONS)
    }


def imported_from(folder: Path, files: dict[str, bytes], **options: bool) -> ImportReport:
    return import_dataset(synthetic.write_zip(folder / "source.zip", files), ReadOptions(**options))


def splits() -> dict[str, int]:
    return current_import().manifest()["split"].value_counts().to_dict()


@pytest.mark.case("d3")
@pytest.mark.parametrize("word", ["validation", "val", "Dev", "FER2013Valid"])
def test_validation_images_become_test_images_if_there_are_no_others(shipped: Path, word: str) -> None:
    report = imported_from(shipped, own_files("images/train", f"images/{word}"))
    assert splits()["test"] == 7
    assert "There are no test images, so the validation images are used as test images." in report.notes


@pytest.mark.case("d4")
@pytest.mark.parametrize("word", ["val", "valid", "validation"])
def test_validation_images_become_val_beside_a_test_folder(shipped: Path, word: str) -> None:
    imported_from(shipped, own_files("train", word, "test"))
    assert splits() == {"train": 7, "val": 7, "test": 7}


@pytest.mark.case("d5")
def test_other_words_for_emotions_are_mapped_and_reported(shipped: Path) -> None:
    report = imported_from(shipped, own_files("train") | own_files("test", words=OTHER_WORDS))
    assert current_import().manifest()["true_label"].value_counts().tolist() == [2] * 7
    [note] = [note for note in report.notes if note.startswith("Names were read as emotions")]
    assert "Anger as angry" in note and "surprised as surprise" in note and "Neutral" not in note


def image_bytes(number: int, kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(synthetic.draw_face(number)).save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.case("d6")
@pytest.mark.parametrize("kind", ["TIFF", "GIF", "WEBP", "AVIF", "BMP"])
def test_images_of_other_formats_are_read(shipped: Path, kind: str) -> None:
    files = own_files("train", "test")
    files |= {f"train/happy/more_{n}.{kind.lower()}": image_bytes(n, kind) for n in range(700, 703)}
    assert imported_from(shipped, files).images == 17


@pytest.mark.case("d6")
def test_other_files_are_counted_by_kind(shipped: Path) -> None:
    files = own_files("train", "test")
    files |= {"train/happy/a.xcf": b"x", "train/happy/b.xcf": b"x", "README": b"x", "__MACOSX/train/x.jpg": b"x"}
    files |= {"train/happy/.DS_Store": b"x", "train/happy/Thumbs.db": b"x"}
    report = imported_from(shipped, files)
    assert report.left_out == {".xcf": 2, "files without a suffix": 1}
    assert any("2 in .xcf" in sentence for sentence in report.sentences())


@pytest.mark.case("d7")
@pytest.mark.parametrize("word", ["contempt", "Unknown", "other faces"])
def test_a_folder_of_another_class_is_left_out_and_counted(shipped: Path, word: str) -> None:
    files = own_files("train", "test") | {f"train/{word}/{n}.jpg": image_bytes(n, "JPEG") for n in range(3)}
    report = imported_from(shipped, files)
    assert (report.images, report.left_out) == (14, {f"train/{word}": 3})
    assert any(f"3 in train/{word}" in sentence for sentence in report.sentences())


@pytest.mark.case("d7")
def test_a_split_without_an_emotion_is_refused_unless_that_is_allowed(shipped: Path) -> None:
    files = own_files("train") | own_files("test", words={"sad": "weeping"})
    with pytest.raises(InputError, match=r"There are no test images of sad\. Not read: test/weeping\. .*allow-missing"):
        imported_from(shipped, files)
    report = imported_from(shipped, files, allow_missing=True)
    assert report.left_out == {"test/weeping": 1}


def test_a_data_set_with_test_images_only_is_imported(shipped: Path) -> None:
    imported_from(shipped, own_files("test"))
    assert splits()["test"] == 7


@pytest.mark.case("d8")
def test_labels_before_splits_and_labels_without_splits(shipped: Path) -> None:
    turned = {"/".join([parts[1], parts[0], parts[2]]): data for name, data in own_files("train", "test").items()
              if (parts := name.split("/"))}  # fmt: skip
    imported_from(shipped, turned)
    assert splits()["test"] == 7
    report = imported_from(shipped, {name.removeprefix("test/"): data for name, data in own_files("test").items()})
    assert splits()["test"] == 7
    assert "Images that no folder or column assigns to a split, used as test images: 7." in report.notes


@pytest.mark.case("d9")
def test_the_train_folder_itself_can_be_imported(shipped: Path) -> None:
    synthetic.write_folder(shipped / "source", own_files("train", "test"))
    import_dataset(shipped / "source" / "train")
    assert splits().get("test", 0) == 0
    assert set(current_import().manifest()["usage"]) == {"Training"}


@pytest.mark.case("d5", "d8")
@pytest.mark.parametrize("word", ["ANGRY", "0_angry", "Angry faces?", "angry (1)"])
def test_emotions_with_capitals_digits_and_punctuation(word: str) -> None:
    assert emotion_of(word) == (None if "faces" in word else "angry")


@pytest.mark.parametrize(
    ("word", "split"),
    [("Train", "train"), ("FER2013Test", "test"), ("private_test", "test"), ("trainer", None), ("images", None)],
)
def test_words_for_splits(word: str, split: str | None) -> None:
    assert (split_of(word) or (None,))[0] == split


def test_every_suffix_of_the_image_reader_is_an_image_of_the_importer(shipped: Path) -> None:
    files = own_files("train", "test") | {f"train/happy/x{suffix}": b"no image" for suffix in SUFFIXES}
    report = imported_from(shipped, files, skip_bad=True)
    assert len(report.skipped) == len(SUFFIXES)


@pytest.mark.case("d3", "d4")
@pytest.mark.parametrize(
    "words",
    [("training_set", "test"), ("train_set", "val_set"), ("Training Data", "Test Data"), ("train_images", "dev")],
)
def test_longer_words_for_splits(shipped: Path, words: tuple[str, str]) -> None:
    imported_from(shipped, own_files(*words))
    manifest = current_import().manifest()
    assert (manifest["usage"] == "Training").sum() == splits()["test"] == 7


@pytest.mark.case("d9")
def test_the_name_of_an_archive_can_tell_the_split(shipped: Path) -> None:
    files = {name.removeprefix("x/"): data for name, data in own_files("x").items()}
    import_dataset(synthetic.write_zip(shipped / "train.zip", files))
    assert set(current_import().manifest()["usage"]) == {"Training"}


@pytest.mark.case("d8")
def test_file_names_can_tell_the_split(shipped: Path) -> None:
    files = {f"{name.split('/')[1]}/train_{n}.jpg": data for n, (name, data) in enumerate(own_files("x").items())}
    imported_from(shipped, files)
    assert set(current_import().manifest()["usage"]) == {"Training"}


def test_images_without_a_split_are_left_out_if_others_have_one(shipped: Path) -> None:
    report = imported_from(shipped, own_files("train", "test", "more"))
    assert (report.images, sum(report.left_out.values())) == (14, 7)
    assert "more/happy" in report.left_out


@pytest.mark.case("d9")
@pytest.mark.parametrize("form", ["./{}", "{}", "a/./{}", "a//{}"])
def test_paths_in_archives_need_not_be_normal(shipped: Path, form: str) -> None:
    assert (
        imported_from(shipped, {form.format(name): data for name, data in own_files("train", "test").items()}).images
        == 14
    )


def test_images_in_hidden_folders_are_counted(shipped: Path) -> None:
    files = own_files("train", "test") | {"train/.old/a.jpg": b"x", "train/.old/notes.txt": b"x"}
    assert imported_from(shipped, files).left_out == {"hidden folders": 1}
