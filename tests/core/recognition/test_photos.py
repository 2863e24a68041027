"""Predictions for the faces in photos, shown as a preview, a table and cards."""

import numpy as np
import pytest

from core.emotions import EMOTIONS
from core.exceptions import InputError
from core.recognition import photos
from core.recognition.recognizer import Recognizer
from core.vision.faces import Face
from core.vision.images import decode_image, encode_png, to_gray, turn_clockwise
from dashboard.pages.photo import cards
from tests.fixtures.fakes import FakeClassifier, FakeDetector

LARGE, SMALL = (1000, 200, 1800, 1000), (100, 300, 148, 348)


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def read(image, *boxes, as_one_face=False, turned_by=None, **answers):
    """Read an image. The detector finds `boxes`. Each `name=answer` is a model and its label; default: cnn="happy"."""
    models = {name: FakeClassifier(answer=answer) for name, answer in (answers or {"cnn": "happy"}).items()}
    return photos.read(encode_png(image), Recognizer(FakeDetector(*boxes), models), as_one_face, turned_by)


def test_crops_are_cut_from_the_full_size_photo():
    image = noise(1200, 2000)
    reading = read(image, LARGE, SMALL)
    assert reading.size_wh == (2000, 1200)
    assert reading.crops.shape == (2, 48, 48)
    gray = image[300:348, 100:148] @ (0.299, 0.587, 0.114)
    np.testing.assert_allclose(reading.crops[1], gray, atol=1)


def test_a_large_photo_has_a_small_preview_and_a_full_size_annotated_png():
    image = noise(1200, 2000)
    reading = read(image, LARGE)
    shown = photos.preview(reading, "cnn")
    assert shown.shape == (768, 1280, 3)
    happy_pixels = np.argwhere((shown == (0xE6, 0x9F, 0x00)).all(axis=2))
    left_edge = happy_pixels[:, 1].min()  # of the box, in pixels of the preview
    assert left_edge == pytest.approx(1000 * 1280 / 2000, abs=3)
    saved = photos.annotated_png(encode_png(image), reading, "cnn")
    assert decode_image(saved).shape == image.shape


def test_the_whole_photo_is_one_face_if_as_one_face_is_true():
    reading = read(noise(48, 48), (3, 3, 40, 40), as_one_face=True)
    assert reading.as_one_face
    assert [one.face.xyxy for one in reading.readings] == [(0, 0, 48, 48)]
    assert cards.face_cards(reading)[0].title == "The whole photo as one face"


@pytest.mark.parametrize(("turned_by", "angle"), [(0, None), (90, 90), (180, -180), (270, -90)])
def test_the_whole_photo_as_one_face_can_be_turned(turned_by, angle):
    upright = noise(48, 48)
    image = turn_clockwise(upright, (360 - turned_by) % 360)
    reading = read(image, as_one_face=True, turned_by=turned_by)
    (one,) = reading.readings
    assert (one.face, reading.turned_by) == (Face((0, 0, 48, 48), angle=angle), turned_by)
    np.testing.assert_array_equal(reading.crops[0], to_gray(upright))


@pytest.mark.parametrize("turned_by", [None, 0, 90, 180, 270])
def test_the_whole_of_a_wide_photo_is_one_face_for_each_turn(turned_by):
    reading = read(noise(60, 100), as_one_face=True, turned_by=turned_by)
    (one,) = reading.readings
    assert one.face.xyxy == (0, 0, 100, 60)
    assert reading.turned_by == (turned_by or 0)
    assert one.quality.side == 100
    shown = photos.preview(reading, "cnn")
    assert (shown.shape[1] > shown.shape[0]) == (turned_by not in (90, 270))


def test_the_margin_of_the_detector_is_not_added_to_the_whole_photo():
    detector = FakeDetector()
    detector.margin = 0.2
    reading = photos.read(encode_png(noise(48, 48)), Recognizer(detector, {}), as_one_face=True)
    assert reading.readings[0].quality.side == 48


def test_the_margin_of_the_detector_is_added_to_the_boxes():
    detector = FakeDetector((100, 100, 140, 140))
    detector.margin = 0.1
    reading = photos.read(encode_png(noise(300, 300)), Recognizer(detector, {}), as_one_face=False)
    assert reading.readings[0].quality.side == 48
    gray = to_gray(noise(300, 300))[96:144, 96:144]
    np.testing.assert_array_equal(reading.crops[0], gray)


def test_a_photo_without_faces_has_no_cards_and_an_unchanged_preview():
    image = noise(300, 400)
    reading = read(image)
    assert cards.face_cards(reading) == []
    assert reading.crops.shape == (0, 48, 48)
    np.testing.assert_array_equal(photos.preview(reading, "cnn"), image)


def test_data_that_is_not_an_image_raises_input_error():
    with pytest.raises(InputError, match="not an image"):
        photos.read(b"text", Recognizer(FakeDetector(), {}), as_one_face=False)


def test_the_card_of_a_face_shows_the_label_and_probabilities_of_every_model():
    first, second = cards.face_cards(read(noise(1200, 2000), LARGE, SMALL, cnn="happy", trees="sad"))
    assert (first.title, second.title) == ("Face 1 of 2", "Face 2 of 2")
    assert first.notes == ("cnn: happy 100 %", "trees: sad 100 %", "Side 800 px · light 127 of 255")
    assert list(first.bars) == ["cnn", "trees"]


def test_the_table_has_one_row_per_face_and_model():
    two_faces = read(noise(1200, 2000), LARGE, SMALL, cnn="happy", trees="sad")
    no_face = read(noise(30, 40))
    table = photos.readings_table({"a.jpg": two_faces, "b.jpg": no_face})
    assert list(table.columns) == list(photos.TABLE_COLUMNS)
    assert table[["image", "face", "left", "model", "predicted_label"]].to_numpy().tolist() == [
        ["a.jpg", 1, 1000, "cnn", "happy"],
        ["a.jpg", 1, 1000, "trees", "sad"],
        ["a.jpg", 2, 100, "cnn", "happy"],
        ["a.jpg", 2, 100, "trees", "sad"],
    ]
    assert table.filter(like="p_").sum(axis=1).tolist() == [1, 1, 1, 1]
    assert table["detection_confidence"].isna().all() and table["angle"].isna().all()
    assert table["turned_by"].eq(0).all() and not table["whole_picture"].any()
    assert table["side"].tolist() == [800, 800, 48, 48]


def test_the_columns_of_the_table_are_the_photo_and_those_of_the_face_and_the_model():
    assert (
        *("image", "turned_by", "whole_picture", "face", "left", "top", "right", "bottom", "angle"),
        *("detection_confidence", "side", "brightness", "sharpness"),
        *("model", "predicted_label", "confidence", "certain", "reason"),
        *(f"p_{emotion}" for emotion in EMOTIONS),
    ) == photos.TABLE_COLUMNS


def test_the_reason_is_empty_in_the_csv_file_if_the_label_is_certain():
    image = noise(1200, 2000)
    image[300:348, 100:148] //= 20
    csv = photos.readings_table({"a.jpg": read(image, LARGE, SMALL)}).to_csv(index=False)
    first, second = csv.splitlines()[1:]
    assert ",cnn,happy,1.0,True,,0.0," in first
    assert ",cnn,happy,1.0,False,too dark,0.0," in second
    assert first.startswith("a.jpg,0,False,1,1000,200,1800,1000,,,800,")


def test_without_photos_the_table_still_has_all_columns():
    assert photos.readings_table({}).columns.tolist() == list(photos.TABLE_COLUMNS)


def test_repeated_names_get_numbers_that_make_them_unique():
    assert photos.unique_names(["a.jpg", "b.jpg", "a.jpg", "a.jpg"]) == ["a.jpg", "b.jpg", "a.jpg (2)", "a.jpg (3)"]
    names = photos.unique_names(["a.jpg", "a.jpg", "a.jpg (2)"])
    assert names == ["a.jpg", "a.jpg (3)", "a.jpg (2)"]


def test_crops_are_enlarged_without_smoothing():
    assert cards.enlarge(np.array([[1, 2]], np.uint8), 2).tolist() == [[1, 1, 2, 2], [1, 1, 2, 2]]


def test_the_example_photo_can_be_decoded():
    assert decode_image(photos.example_photo().data).shape == (512, 512, 3)
