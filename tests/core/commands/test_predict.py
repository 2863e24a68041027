"""`python -m core predict`: one line per image, whatever the image."""

import json
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from core.__main__ import main
from core.commands.faces.predict import expanded
from core.emotions import EMOTIONS
from core.recognition import recognizer
from core.recognition.recognizer import Recognizer
from core.vision.detectors import make_detector
from core.vision.images import decode_image, encode_png, read_bytes
from tests.fixtures.fakes import FakeClassifier, FakeDetector

SMALL, LARGE = (10, 10, 30, 30), (40, 10, 90, 60)


@pytest.fixture
def photo(tmp_path):
    """A file of 100 x 80."""
    path = tmp_path / "photo.png"
    path.write_bytes(encode_png(np.full((80, 100, 3), 99, np.uint8)))
    return path


@pytest.fixture(autouse=True)
def two_faces(monkeypatch):
    use(monkeypatch, FakeDetector(LARGE, SMALL))


def use(monkeypatch, detector):
    """Replace weights and detector; names are taken as they are."""

    def load(models, name):
        return Recognizer(detector or make_detector(name), {model: FakeClassifier(answer="happy") for model in models})

    monkeypatch.setattr(recognizer, "load_recognizer", load)


def lines(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_json_of_a_photo(photo, capsys):
    assert main(["predict", str(photo), "--json"]) == 0
    happy = {
        "label": "happy",
        "certain": True,
        "probabilities": {emotion: float(emotion == "happy") for emotion in EMOTIONS},
    }
    models = dict.fromkeys(recognizer.DEFAULT_MODELS, happy)
    assert lines(capsys) == [
        {
            "image": str(photo),
            "size_wh": [100, 80],
            "faces": [
                {"xyxy": list(LARGE), "confidence": None, "models": models},
                {"xyxy": list(SMALL), "confidence": None, "models": models},
            ],
            "error": None,
        }
    ]


def test_chosen_models(photo, capsys):
    assert main(["predict", str(photo), "--model", "a", "--model", "b", "--json"]) == 0
    assert list(lines(capsys)[0]["faces"][0]["models"]) == ["a", "b"]


def test_the_whole_image_as_one_face(photo, capsys):
    assert main(["predict", str(photo), "--whole-image", "--json"]) == 0
    assert [face["xyxy"] for face in lines(capsys)[0]["faces"]] == [[0, 0, 100, 80]]


def test_a_bad_file_has_its_line_and_the_others_still_run(photo, tmp_path, capsys):
    bad = tmp_path / "notes.jpg"
    bad.write_text("not a picture")
    assert main(["predict", str(bad), str(tmp_path / "gone.jpg"), str(photo), "--json"]) == 1
    first, second, third = lines(capsys)
    assert first == {"image": str(bad), "size_wh": None, "faces": [], "error": first["error"]}
    assert "not a picture" in first["error"]
    assert "There is no file" in second["error"]
    assert third["error"] is None
    assert len(third["faces"]) == 2


def test_no_face_is_an_empty_list_and_no_error(photo, capsys, monkeypatch):
    use(monkeypatch, None)
    assert main(["predict", str(photo), "--detector", "haar", "--json"]) == 0
    assert lines(capsys)[0]["faces"] == []


def test_a_table_for_people(photo, capsys):
    assert main(["predict", str(photo), "--model", "cnn"]) == 0
    out = capsys.readouterr().out
    assert "predicted" in out
    assert out.count("happy 100%") == 2


def test_no_face_for_people_names_the_way_out(photo, capsys, monkeypatch):
    use(monkeypatch, FakeDetector())
    assert main(["predict", str(photo)]) == 0
    assert "no face found. If the picture is a face already cut out, add --whole-image." in capsys.readouterr().out


def test_a_bad_file_for_people_goes_to_stderr(tmp_path, capsys):
    assert main(["predict", str(tmp_path / "gone.jpg")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "There is no file" in captured.err


def test_wrong_names_are_refused_before_any_image(photo, capsys, monkeypatch):
    use(monkeypatch, None)
    assert main(["predict", str(photo), "--detector", "eyes"]) == 1
    assert "unknown detector 'eyes'; choose from haar" in capsys.readouterr().err


def test_annotated_copies(photo, tmp_path, capsys):
    folder = tmp_path / "new" / "copies"
    assert main(["predict", str(photo), "--annotate", str(folder), "--json"]) == 0
    assert len(lines(capsys)) == 1  # where the copy lies is told on stderr
    copy = decode_image(read_bytes(folder / "photo.png"))
    assert copy.shape == (160, 200, 3)  # small pictures are doubled, for legible text
    assert (copy != 99).any()


def test_annotated_copies_overwrite_nothing(photo, tmp_path):
    twin = tmp_path / "other" / "photo.jpg"
    twin.parent.mkdir()
    PIL.Image.new("RGB", (100, 80), "red").save(twin)
    before = photo.read_bytes()
    assert main(["predict", str(photo), str(twin), "--annotate", str(tmp_path)]) == 0
    assert photo.read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["photo-2.png", "photo-3.png", "photo.png"]


def test_no_copy_of_a_bad_file(tmp_path):
    assert main(["predict", str(tmp_path / "gone.jpg"), "--annotate", str(tmp_path / "copies")]) == 1
    assert list((tmp_path / "copies").iterdir()) == []


def test_an_impossible_folder_is_refused(photo, capsys):
    assert main(["predict", str(photo), "--annotate", str(photo)]) == 1
    assert "cannot be made" in capsys.readouterr().err


def test_a_pattern_that_the_shell_has_left_is_expanded(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.jpg", "[1].jpg"):
        (tmp_path / name).touch()
    found = expanded([tmp_path / "*.jpg", tmp_path / "[1].jpg", tmp_path / "gone.jpg", tmp_path / "*.png"])
    assert [path.name for path in found] == ["[1].jpg", "a.jpg", "b.jpg", "[1].jpg", "gone.jpg", "*.png"]
