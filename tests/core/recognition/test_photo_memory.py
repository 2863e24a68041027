"""Photos that need much memory: the whole way from the file to the annotated copy stays below a limit."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from core import paths
from core.recognition import photos
from core.recognition.drawing import annotate
from core.recognition.recognizer import Recognizer
from core.vision.crops import LARGEST_SQUARE, crop_face
from core.vision.faces import Face, whole_image
from core.vision.images import decode_image, encode_png
from tests.fixtures.fakes import FakeClassifier, FakeDetector
from tests.fixtures.pictures import encode, png_of_zeros

MAX_MB = 350
"""Limit of the memory beside that of the running app, in MB (1,000,000 bytes)."""

CHILD = """
import sys
from pathlib import Path
from core.exceptions import InputError
from core.recognition import photos
from core.recognition.recognizer import Recognizer
from core.runtime.memory import resident_mb
from tests.fixtures.fakes import FakeClassifier, FakeDetector

recognizer = Recognizer(FakeDetector((10, 10, 90, 90)), {"cnn": FakeClassifier()})

def show(data):
    for as_one_face, turned_by in ((False, None), (True, 90)):
        reading = photos.read(data, recognizer, as_one_face, turned_by)
        photos.preview(reading, "cnn")
        photos.annotated_png(data, reading, "cnn")

show(open(sys.argv[1], "rb").read())
resting = resident_mb()
for path in sys.argv[2:]:
    try:
        show(open(path, "rb").read())
        print("shown", path)
    except InputError as error:
        print("refused", path, error)
status = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
print(int(status["VmHWM"].split()[0]) * 1024 / 1e6 - resting)
"""
"""Shows the first file, notes the memory, shows the others, and prints by how much the memory was exceeded, in MB."""


def tiff_of_floats() -> bytes:
    return encode(PIL.Image.new("F", (8000, 5000), 0.5), "TIFF", compression="tiff_adobe_deflate", tiffinfo={274: 6})


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory in other ways")
@pytest.mark.case("p4")
@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("rgba.png", lambda: png_of_zeros(8000, 5000, 8, 6), id="RGBA"),
        pytest.param("la.png", lambda: png_of_zeros(8000, 5000, 16, 4), id="gray with alpha, 16 bits"),
        pytest.param("float.tif", tiff_of_floats, id="turned TIFF of floats"),
    ],
)
def test_a_photo_takes_at_most_350_mb(tmp_path: Path, name, data):
    small, large = tmp_path / "small.png", tmp_path / name
    small.write_bytes(png_of_zeros(100, 100))
    large.write_bytes(data())
    command = [sys.executable, "-c", CHILD, str(small), str(large)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=paths.ROOT, check=False)
    assert done.returncode == 0, done.stderr
    shown, megabytes = done.stdout.splitlines()
    assert shown == f"shown {large}"
    assert float(megabytes) <= MAX_MB


def test_a_square_that_is_too_large_is_cropped_from_a_smaller_copy(monkeypatch):
    rng = np.random.default_rng(0)
    image = np.repeat(np.repeat(rng.integers(0, 256, (10, 80, 3), np.uint8), 40, axis=0), 40, axis=1)
    face, turned = Face((100, 40, 2100, 360)), Face((100, 40, 2100, 360), angle=30.0)
    whole = [crop_face(image, one, 0.1).astype(int) for one in (face, turned)]
    assert LARGEST_SQUARE > 2400
    monkeypatch.setattr("core.vision.crops.LARGEST_SQUARE", 1200)
    smaller = [crop_face(image, one, 0.1) for one in (face, turned)]
    assert np.abs(np.array(whole) - smaller).mean() < 10
    assert crop_face(np.zeros((1, 20_000, 3), np.uint8), whole_image(np.zeros((1, 20_000, 3)))).shape == (48, 48)


@pytest.mark.case("p4")
@pytest.mark.parametrize("size_wh", [(20_000, 1), (1, 20_000), (1, 1)])
def test_a_line_of_pixels_is_read_and_drawn_in_each_turn(size_wh):
    recognizer = Recognizer(FakeDetector(), {"cnn": FakeClassifier()})
    data = encode(PIL.Image.new("RGB", size_wh))
    for turned_by in (0, 90, 180, 270):
        reading = photos.read(data, recognizer, as_one_face=True, turned_by=turned_by)
        assert len(reading.readings) == 1
        assert photos.annotated_png(data, reading, "cnn") and photos.preview(reading, "cnn").size


@pytest.mark.parametrize("size_wh", [(20_000, 1), (1, 20_000), (3000, 40)])
def test_the_copy_of_a_narrow_image_is_not_enlarged_without_limit(size_wh):
    copy = annotate(np.zeros((size_wh[1], size_wh[0], 3), np.uint8), [], "cnn")
    assert max(copy.shape) == max(size_wh)


def test_an_image_is_drawn_on_itself_only_if_asked():
    image = np.zeros((200, 300, 3), np.uint8)
    assert annotate(image, [], "cnn") is not image
    assert annotate(image, [], "cnn", in_place=True) is image
    assert annotate(image[:50], [], "cnn", in_place=True).shape == (200, 1200, 3)


def test_the_annotated_copies_of_a_photo_leave_its_preview_as_it_is():
    recognizer = Recognizer(FakeDetector((10, 10, 190, 190)), {"cnn": FakeClassifier()})
    data = encode_png(np.random.default_rng(0).integers(0, 256, (200, 300, 3), np.uint8))
    reading = photos.read(data, recognizer, as_one_face=False, turned_by=0)
    photos.preview(reading, "cnn")
    photos.annotated_png(data, reading, "cnn")
    np.testing.assert_array_equal(reading.small_copy, decode_image(data))
