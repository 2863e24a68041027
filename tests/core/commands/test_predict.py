"""`python -m core predict` prints one result per image, even for files that cannot be read."""

import json
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from core.__main__ import main
from core.commands.faces.predict import expand_patterns
from core.emotions import EMOTIONS
from core.recognition import recognizer
from core.recognition.recognizer import Recognizer
from core.vision.detectors import make_detector
from core.vision.images import decode_image, encode_png, read_bytes
from tests.fixtures.fakes import FakeClassifier, FakeDetector

SMALL_BOX, LARGE_BOX = (10, 10, 30, 30), (40, 10, 90, 60)


@pytest.fixture
def photo(tmp_path):
    """A PNG file of 100 x 80 pixels."""
    path = tmp_path / "photo.png"
    path.write_bytes(encode_png(np.full((80, 100, 3), 99, np.uint8)))
    return path


@pytest.fixture(autouse=True)
def two_faces(monkeypatch):
    """Two faces are found in every image."""
    use_detector(monkeypatch, FakeDetector(LARGE_BOX, SMALL_BOX))


def use_detector(monkeypatch, detector):
    """Replace the models by fakes, and the detector by the given one; None keeps the real detector."""

    def load(models, name):
        return Recognizer(detector or make_detector(name), {model: FakeClassifier(answer="happy") for model in models})

    monkeypatch.setattr(recognizer, "load_recognizer", load)


def printed_objects(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_json_has_the_box_and_the_predictions_of_every_face(photo, capsys):
    assert main(["predict", str(photo), "--json"]) == 0
    happy = {
        "label": "happy",
        "certain": True,
        "probabilities": {emotion: float(emotion == "happy") for emotion in EMOTIONS},
    }
    models = dict.fromkeys(recognizer.DEFAULT_MODELS, happy)
    assert printed_objects(capsys) == [
        {
            "image": str(photo),
            "size_wh": [100, 80],
            "faces": [
                {"xyxy": list(LARGE_BOX), "confidence": None, "models": models},
                {"xyxy": list(SMALL_BOX), "confidence": None, "models": models},
            ],
            "error": None,
        }
    ]


def test_model_option_selects_the_models(photo, capsys):
    assert main(["predict", str(photo), "--model", "a", "--model", "b", "--json"]) == 0
    assert list(printed_objects(capsys)[0]["faces"][0]["models"]) == ["a", "b"]


def test_whole_image_option_reads_the_image_as_one_face(photo, capsys):
    assert main(["predict", str(photo), "--whole-image", "--json"]) == 0
    assert [face["xyxy"] for face in printed_objects(capsys)[0]["faces"]] == [[0, 0, 100, 80]]


def test_bad_files_have_errors_and_the_other_files_are_read(photo, tmp_path, capsys):
    bad = tmp_path / "notes.jpg"
    bad.write_text("not a picture")
    assert main(["predict", str(bad), str(tmp_path / "gone.jpg"), str(photo), "--json"]) == 1
    first, second, third = printed_objects(capsys)
    assert first == {"image": str(bad), "size_wh": None, "faces": [], "error": first["error"]}
    assert "not an image" in first["error"]
    assert "There is no file" in second["error"]
    assert third["error"] is None
    assert len(third["faces"]) == 2


def test_a_photo_without_faces_gives_an_empty_list_in_json_and_exit_code_0(photo, capsys, monkeypatch):
    use_detector(monkeypatch, None)
    assert main(["predict", str(photo), "--detector", "haar", "--json"]) == 0
    assert printed_objects(capsys)[0]["faces"] == []


def test_without_json_a_table_is_printed(photo, capsys):
    assert main(["predict", str(photo), "--model", "cnn"]) == 0
    out = capsys.readouterr().out
    assert "predicted" in out
    assert out.count("happy 100%") == 2


def test_without_a_face_the_message_suggests_the_whole_image_option(photo, capsys, monkeypatch):
    use_detector(monkeypatch, FakeDetector())
    assert main(["predict", str(photo)]) == 0
    assert "no face found. If the image is a cropped face, add --whole-image." in capsys.readouterr().out


def test_without_json_the_error_for_a_missing_file_goes_to_stderr(tmp_path, capsys):
    assert main(["predict", str(tmp_path / "gone.jpg")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "There is no file" in captured.err


def test_an_unknown_detector_gives_an_error(photo, capsys, monkeypatch):
    use_detector(monkeypatch, None)
    assert main(["predict", str(photo), "--detector", "eyes"]) == 1
    assert "unknown detector 'eyes'; choose from haar" in capsys.readouterr().err


def test_annotate_creates_the_folder_and_writes_an_enlarged_annotated_copy(photo, tmp_path, capsys):
    folder = tmp_path / "new" / "copies"
    assert main(["predict", str(photo), "--annotate", str(folder), "--json"]) == 0
    assert len(printed_objects(capsys)) == 1  # the path of the copy is printed to stderr
    copy = decode_image(read_bytes(folder / "photo.png"))
    assert copy.shape == (160, 200, 3)  # small images are enlarged, so that text is legible
    assert (copy != 99).any()


def test_annotated_copies_overwrite_nothing(photo, tmp_path):
    same_name = tmp_path / "other" / "photo.jpg"
    same_name.parent.mkdir()
    PIL.Image.new("RGB", (100, 80), "red").save(same_name)
    before = photo.read_bytes()
    assert main(["predict", str(photo), str(same_name), "--annotate", str(tmp_path)]) == 0
    assert photo.read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["photo-2.png", "photo-3.png", "photo.png"]


def test_a_missing_file_gets_no_annotated_copy(tmp_path):
    assert main(["predict", str(tmp_path / "gone.jpg"), "--annotate", str(tmp_path / "copies")]) == 1
    assert list((tmp_path / "copies").iterdir()) == []


def test_an_annotate_folder_that_cannot_be_created_gives_an_error(photo, capsys):
    assert main(["predict", str(photo), "--annotate", str(photo)]) == 1
    assert "cannot be created" in capsys.readouterr().err


def test_expand_patterns_lists_matching_files_and_keeps_paths_without_a_match(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.jpg", "[1].jpg"):
        (tmp_path / name).touch()
    found = expand_patterns([tmp_path / "*.jpg", tmp_path / "[1].jpg", tmp_path / "gone.jpg", tmp_path / "*.png"])
    assert [path.name for path in found] == ["[1].jpg", "a.jpg", "b.jpg", "[1].jpg", "gone.jpg", "*.png"]
