"""Lying photos, dark photos and groups, read with a real model and the detectors that find the eyes."""

import cv2
import numpy as np
import pytest
import skimage.data

from core.classifiers.loading import load_classifier
from core.recognition import photos
from core.recognition.photos import PhotoReading
from core.recognition.recognizer import Recognizer
from core.vision.crops import TRAINED_ANGLE
from core.vision.images import Image, decode_image, encode_png, turn_clockwise

MODEL = "cnn"


@pytest.fixture(scope="module")
def model():
    return load_classifier(MODEL)


@pytest.fixture
def recognizer(landmark_detector, model) -> Recognizer:
    return Recognizer(landmark_detector, {MODEL: model})


def read(image: Image, recognizer: Recognizer, turned_by: int | None = None) -> PhotoReading:
    return photos.read(encode_png(image), recognizer, as_one_face=False, turned_by=turned_by)


def lying(turned_by: int) -> Image:
    """Return a part of the portrait, 400 x 300 pixels if upright, that is upright after this clockwise turn."""
    return turn_clockwise(skimage.data.astronaut()[:300, :400], (360 - turned_by) % 360)


def expected_angle(turned_by: int) -> int:
    """Return the counterclockwise angle of a face in a photo that must be turned clockwise by `turned_by` degrees."""
    return (turned_by + 180) % 360 - 180


def difference_of_angles(a: float, b: float) -> float:
    return abs((a - b + 180) % 360 - 180)


@pytest.mark.case("p2")
@pytest.mark.parametrize("turned_by", [90, 180, 270])
def test_a_lying_portrait_has_nearly_the_crop_and_the_label_of_the_upright_one(recognizer, turned_by):
    upright, reading = read(lying(0), recognizer), read(lying(turned_by), recognizer)
    (before,), (after,) = upright.readings, reading.readings
    assert (upright.turned_by, reading.turned_by) == (0, turned_by)
    assert np.abs(reading.crops.astype(int) - upright.crops).mean() < 12  # 35 if it is turned by 20 degrees
    assert after.label(MODEL) == before.label(MODEL)
    assert after.confidence(MODEL) == pytest.approx(before.confidence(MODEL), abs=0.15)
    assert difference_of_angles(after.face.angle, before.face.angle + expected_angle(turned_by)) < 0.01
    assert abs(before.face.angle) < TRAINED_ANGLE


@pytest.mark.parametrize("turned_by", [0, 90, 180, 270])
def test_the_preview_and_the_annotated_copy_are_upright(recognizer, turned_by):
    image = lying(turned_by)
    reading = read(image, recognizer)
    expected = photos.preview(read(lying(0), recognizer), MODEL)
    shown = photos.preview(reading, MODEL)
    saved = decode_image(photos.annotated_png(encode_png(image), reading, MODEL))
    assert shown.shape == saved.shape == (300, 400, 3)
    np.testing.assert_array_equal(saved, shown)
    # Boxes and labels differ by a pixel, or by a digit of the confidence.
    assert (np.abs(shown.astype(int) - expected) > 0).any(axis=2).mean() < 0.03
    np.testing.assert_array_equal(reading.small_copy, image)  # not turned


def test_a_large_lying_photo_has_a_small_upright_preview_with_its_box_around_the_face(recognizer):
    image = np.ascontiguousarray(lying(90).repeat(5, axis=0).repeat(5, axis=1))
    reading = read(image, recognizer)
    assert (reading.size_wh, reading.turned_by) == ((1500, 2000), 90)
    shown = photos.preview(reading, MODEL)
    assert shown.shape == (960, 1280, 3)
    plain = turn_clockwise(reading.small_copy, 90)
    rows, columns = np.nonzero((shown != plain).any(axis=2))
    scale = 1280 / 400
    assert columns.min() == pytest.approx(178 * scale, abs=20)  # the left edge of the box
    assert rows.max() == pytest.approx(175 * scale, abs=50)  # its lower edge, or that of a label


def test_the_table_has_the_turn_and_the_box_in_the_photo_as_it_was_given(recognizer):
    reading = read(lying(90), recognizer)
    table = photos.readings_table({"lying.jpg": reading})
    (row,) = table.to_dict("records")
    assert row["turned_by"] == 90 and not row["whole_picture"]
    assert (row["left"], row["top"], row["right"], row["bottom"]) == reading.readings[0].face.xyxy
    assert row["right"] <= 300 and row["bottom"] <= 400
    assert row["angle"] == pytest.approx(90, abs=5)
    assert row["detection_confidence"] > 0.85


def test_the_user_may_turn_a_photo(recognizer):
    assert len(read(lying(90), recognizer, turned_by=90).readings) == 1
    assert read(lying(90), recognizer, turned_by=90).readings[0] == read(lying(90), recognizer).readings[0]
    assert read(lying(0), recognizer, turned_by=0).turned_by == 0
    assert read(lying(0), recognizer, turned_by=270).turned_by == 270


@pytest.mark.case("p3")
@pytest.mark.parametrize(
    "darkened",
    [
        pytest.param(skimage.data.astronaut() * 0.1, id="a tenth of the light"),
        pytest.param(skimage.data.astronaut() * 0.08, id="less light"),
        pytest.param(skimage.data.astronaut() * 0.12 - 2, id="black parts"),
    ],
)
def test_a_face_that_is_too_dark_is_found_but_uncertain(recognizer, darkened):
    reading = read(darkened.clip(0).astype(np.uint8), recognizer)
    (face,) = reading.readings
    assert (face.is_certain(MODEL), face.reason(MODEL)) == (False, "too dark")
    assert face.label_text(MODEL).startswith("uncertain (")
    assert read(skimage.data.astronaut(), recognizer).readings[0].reason(MODEL) != "too dark"


def test_a_collage_of_five_faces_has_five_faces_of_the_right_sizes_in_order(recognizer):
    head = skimage.data.astronaut()[20:220, 124:324]
    canvas = np.full((700, 900, 3), 128, np.uint8)
    places = {300: (20, 20), 240: (340, 20), 200: (600, 30), 160: (60, 380), 120: (400, 400)}
    for side, (x, y) in places.items():
        canvas[y : y + side, x : x + side] = cv2.resize(head, (side, side), interpolation=cv2.INTER_AREA)
    reading = read(canvas, recognizer)
    assert (len(reading.readings), len(reading.crops), reading.turned_by) == (5, 5, 0)
    for one, (side, (x, y)) in zip(reading.readings, places.items(), strict=True):
        assert one.face.centre == pytest.approx((x + 0.49 * side, y + 0.5 * side), abs=0.08 * side)
        assert one.face.size_wh[1] == pytest.approx(0.56 * side, rel=0.2)


def test_a_photo_without_faces_is_not_turned(recognizer):
    reading = read(np.full((300, 400, 3), 90, np.uint8), recognizer)
    assert (reading.readings, reading.turned_by) == ([], 0)
    np.testing.assert_array_equal(photos.preview(reading, MODEL), np.full((300, 400, 3), 90, np.uint8))
