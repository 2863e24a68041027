"""Photos that are not upright, dark photos, and the CSV file, on the Photo & video page in AppTest."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import skimage.data
from streamlit.testing.v1 import AppTest

from core.recognition import photos
from core.recognition.photos import PhotoReading
from core.vision.images import Image, encode_png, turn_clockwise
from dashboard import keys, resources
from dashboard.pages.photo import results
from tests.dashboard.pages.photo.visiting import BLANK, choose_photo, open_page, page_text, portrait, upload
from tests.fixtures.fakes import FakeClassifier, one_hot

TURNED = "The photo was turned by"
ASTRONAUT = skimage.data.astronaut()[:, :400]
"""It is 400 pixels wide and 512 high."""
ON_ITS_SIDE = encode_png(turn_clockwise(ASTRONAUT, 270))


class Shown(NamedTuple):
    """A photo as it is shown on the page."""

    turned_by: int
    size_wh: tuple[int, int]


@pytest.fixture
def shown(monkeypatch) -> list[Shown]:
    """All photos that the page has shown large, in order."""
    photos_shown = []

    def preview(reading: PhotoReading, model: str, longest: int = photos.PREVIEW_SIDE) -> Image:
        image = drawn(reading, model, longest)
        if longest == photos.PREVIEW_SIDE:  # not a thumbnail
            photos_shown.append(Shown(reading.turned_by, (image.shape[1], image.shape[0])))
        return image

    drawn = photos.preview
    monkeypatch.setattr(photos, "preview", preview)
    return photos_shown


@pytest.fixture
def tables(monkeypatch) -> list[pd.DataFrame]:
    """All tables that the page has offered as CSV files, in order."""
    offered = []
    monkeypatch.setattr(results.downloads, "csv_button", lambda table, *_: offered.append(table))
    return offered


def turn(page: AppTest) -> AppTest:
    """Press the button that turns the photo."""
    [button] = [button for button in page.button if button.label == "Turn"]
    button.click().run()
    assert not page.exception
    return page


@pytest.mark.case("p2")
@pytest.mark.parametrize("detector", ["default", "haar-multi"])
def test_a_photo_on_its_side_is_turned_upright_and_the_page_says_so(models, shown, tables, detector):
    page = open_page()
    if detector != "default":
        page.selectbox(keys.PHOTO_DETECTOR).set_value(detector).run()
    upload(page, ("side.png", ON_ITS_SIDE))
    assert not page.exception
    assert f"{TURNED} 90 degrees clockwise" in page_text(page)
    assert "cnn: happy 100 %" in page_text(page)
    assert shown[-1] == Shown(90, (400, 512))
    assert tables[-1]["turned_by"].tolist() == [90, 90]  # one row for each model
    assert tables[-1]["angle"].tolist() == pytest.approx([90, 90], abs=10)
    # Boxes are in pixels of the photo as it was uploaded, 512 pixels wide.
    box = tables[-1].loc[0, ["left", "top", "right", "bottom"]].tolist()
    assert box == pytest.approx([65, 400 - 272, 170, 400 - 176], abs=25)


def test_an_upright_photo_is_not_turned(models, shown):
    page = upload(open_page(), ("upright.jpg", portrait()))
    assert TURNED not in page_text(page)
    assert shown[-1].turned_by == 0


def test_the_turn_button_turns_a_photo_by_another_quarter_and_the_caption_disappears(models, shown):
    page = upload(open_page(), ("side.png", ON_ITS_SIDE))
    assert TURNED in page_text(page)
    for expected in (Shown(180, (512, 400)), Shown(270, (400, 512)), Shown(0, (512, 400)), Shown(90, (400, 512))):
        turn(page)
        assert shown[-1] == expected
        assert TURNED not in page_text(page)
    assert "cnn: happy 100 %" in page_text(page)
    page.run()
    assert shown[-1].turned_by == 90  # the visitor's turn is kept


def test_each_photo_keeps_its_own_turn(models, shown):
    page = upload(open_page(), ("one.jpg", portrait()), ("two.jpg", portrait()))
    turn(choose_photo(page, "two.jpg"))
    assert shown[-1].turned_by == 90
    choose_photo(page, "one.jpg")
    assert shown[-1].turned_by == 0
    turn(turn(page))
    choose_photo(page, "two.jpg")
    assert [photo.turned_by for photo in shown[-2:]] == [180, 90]


def test_a_face_that_is_found_only_after_a_turn_is_not_found_in_the_wrong_turn(models):
    page = open_page()
    page.selectbox(keys.PHOTO_DETECTOR).set_value("haar-fast").run()
    upload(page, ("side.png", ON_ITS_SIDE))
    assert "cnn: happy 100 %" in page_text(page)
    turn(turn(turn(page)))  # as it was uploaded
    assert "**No face was found.**" in page.warning[0].value
    turn(page)
    assert not page.warning


def test_the_whole_photo_is_read_in_the_turn_that_was_chosen(models, shown, tables, monkeypatch):
    def by_the_bright_half(face: np.ndarray) -> list[float]:
        top, bottom, left, right = face[:24].mean(), face[24:].mean(), face[:, :24].mean(), face[:, 24:].mean()
        names = {top: "happy", bottom: "sad", left: "angry", right: "fear"}
        return one_hot(names[max(names)])

    monkeypatch.setattr(
        resources.recognition, "load_classifier", lambda name: FakeClassifier(answer=by_the_bright_half)
    )
    image = np.random.default_rng(0).integers(60, 80, (300, 300, 3), np.uint8)
    image[:150] += 120  # the upper half is bright
    page = upload(open_page(), ("half.png", encode_png(image)))
    page.toggle[0].set_value(True).run()
    labels = []
    for _ in range(4):
        assert "The whole photo as one face" in page_text(page)
        assert TURNED not in page_text(page)
        labels.append((shown[-1].turned_by, tables[-1].loc[0, "predicted_label"]))
        turn(page)
    assert labels == [(0, "happy"), (90, "fear"), (180, "sad"), (270, "angry")]
    page.toggle[0].set_value(False).run()
    assert shown[-1].turned_by == 0
    assert "The whole photo as one face" not in page_text(page)


def test_the_whole_photo_is_not_turned_unless_the_visitor_turns_it(models, shown):
    page = upload(open_page(), ("side.png", ON_ITS_SIDE))
    assert shown[-1].turned_by == 90
    page.toggle[0].set_value(True).run()
    assert shown[-1] == Shown(0, (512, 400))
    assert TURNED not in page_text(page)
    page.toggle[0].set_value(False).run()
    assert shown[-1].turned_by == 90
    assert TURNED in page_text(page)


def test_a_photo_without_a_face_is_not_turned_and_has_no_csv_file(models, shown, tables):
    page = open_page()
    tables.clear()
    upload(page, ("blank.png", BLANK))
    assert not page.exception
    assert page.warning[0].value == results.NO_FACE
    assert TURNED not in page_text(page)
    assert shown[-1].turned_by == 0
    assert not tables


@pytest.mark.case("p3")
def test_a_dark_face_is_uncertain_and_the_page_says_that_it_is_too_dark(models, tables):
    page = upload(open_page(), ("dark.png", encode_png((0.1 * skimage.data.astronaut()).astype(np.uint8))))
    assert not page.exception
    assert "cnn: uncertain (happy 100 %), too dark" in page_text(page)
    assert "catboost: uncertain (sad 100 %), too dark" in page_text(page)
    assert tables[-1]["certain"].tolist() == [False, False]
    assert tables[-1]["reason"].tolist() == ["too dark", "too dark"]


def test_the_csv_file_has_the_turn_and_the_quality_of_each_face(models, tables):
    upload(open_page(), ("one.jpg", portrait()))
    table = tables[-1]
    assert list(table) == list(photos.TABLE_COLUMNS)
    new = {"turned_by", "whole_picture", "angle", "side", "brightness", "sharpness", "certain", "reason"}
    assert new <= set(table)
    row = table.iloc[0]
    assert (row["turned_by"], row["whole_picture"], row["certain"], row["reason"]) == (0, False, True, None)
    assert 80 < row["side"] < 140 and 100 < row["brightness"] < 200 and 0.12 < row["sharpness"] < 2
