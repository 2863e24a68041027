"""The one face that an argument names: a file, standard input, or an image of the data set."""

import io
import sys

import numpy as np
import pytest
import skimage.data

from core.commands.faces.one_face import OneFace, read_face
from core.data.store import required_import
from core.exceptions import InputError
from core.vision.images import encode_png
from tests.fixtures import synthetic

IMAGE = "test/happy/PublicTest_1"


def write(path, image) -> str:
    path.write_bytes(encode_png(image))
    return str(path)


def test_an_image_id_names_an_imported_image_with_its_label(imported):
    found = read_face(f" {IMAGE} ")  # copied with the spaces around it
    assert found[1:] == (IMAGE, "happy")
    row = required_import().manifest()["image_id"].eq(IMAGE).argmax()
    np.testing.assert_array_equal(found.face, required_import().faces()[row])


def test_a_file_of_48_by_48_pixels_is_one_face_as_it_is(home, tmp_path):
    face = synthetic.draw_face(1)
    found = read_face(write(tmp_path / "face.png", face))
    np.testing.assert_array_equal(found.face, face)
    assert found[1:] == OneFace(face)[1:] == (None, None)


def test_the_largest_face_of_a_photo_is_taken_and_a_note_names_the_others(home, tmp_path, capsys):
    portrait = skimage.data.astronaut()
    small = np.zeros_like(portrait)
    small[128:384, 128:384] = portrait[::2, ::2]
    alone = read_face(write(tmp_path / "one.png", portrait))
    assert capsys.readouterr().err == ""
    both = read_face(write(tmp_path / "two.png", np.hstack([small, portrait])))
    note = capsys.readouterr().err
    assert "of 2 faces, the largest is used" in note
    assert np.abs(both.face.astype(int) - alone.face).mean() < 12  # the boxes differ by a few pixels


def test_standard_input_is_read_for_a_dash(home, monkeypatch):
    class Stdin:
        buffer = io.BytesIO(encode_png(synthetic.draw_face(2)))

        def isatty(self) -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", Stdin())
    np.testing.assert_array_equal(read_face("-").face, synthetic.draw_face(2))


def test_a_file_is_preferred_to_an_image_of_the_same_name(imported, tmp_path, monkeypatch):
    (tmp_path / "test/happy").mkdir(parents=True)
    write(tmp_path / IMAGE, synthetic.draw_face(3))
    monkeypatch.chdir(tmp_path)
    assert read_face(IMAGE).image_id is None


def test_files_without_a_face_and_files_that_are_no_images_are_refused(home, tmp_path):
    blank = write(tmp_path / "blank.png", np.full((200, 200, 3), 90, np.uint8))
    with pytest.raises(InputError, match=r"blank\.png: no face was found\. Use a photo with a larger face"):
        read_face(blank)
    (tmp_path / "text.png").write_text("no image")
    with pytest.raises(InputError, match=r"text\.png: This is not an image in a supported format"):
        read_face(str(tmp_path / "text.png"))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (f"{IMAGE}.png", "did you mean test/"),
        (f" {IMAGE.upper()} ", "did you mean test/"),
        ("sad/Training_9999", "ids look like test/"),
        ("x" * 5000, "ids look like"),
        ("", "ids look like"),
    ],
)
def test_an_unknown_id_is_refused_with_an_example(imported, text, hint):
    with pytest.raises(InputError, match="no image of this id in the data set in use") as error:
        read_face(text)
    assert hint in str(error.value) and len(str(error.value)) <= 300


@pytest.mark.parametrize("name", ["faces", "/dev/null"])
def test_a_folder_or_a_device_is_not_said_to_be_missing(imported, tmp_path, monkeypatch, name):
    (tmp_path / "faces").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=f"{name} is a folder or a device; name an image file"):
        read_face(name)


def test_an_image_with_a_similar_id_is_named(imported, monkeypatch):
    manifest = required_import().manifest()
    monkeypatch.setattr("core.data.store.Import.manifest", lambda _: manifest[manifest["true_label"] == "happy"])
    with pytest.raises(InputError, match=r"did you mean test/happy/PublicTest_1\?"):
        read_face("data/PublicTest_1.jpg")


def test_without_an_import_an_id_is_refused_with_what_to_do(shipped):
    with pytest.raises(InputError, match=r"there is no file .*run `python -m core import PATH`"):
        read_face(IMAGE)
