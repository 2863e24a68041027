"""Several photos on the Photo & video page in AppTest: thumbnails, the table, the ZIP file, and clearing."""

import io
import re
import zipfile

import numpy as np
import pandas as pd
import pytest
import skimage.data
from streamlit.testing.v1 import AppTest

from core.recognition import photos
from core.recognition.photos import Photo, PhotoReading
from core.recognition.recognizer import Recognizer
from core.vision.images import decode_image, encode_png
from dashboard import keys, resources
from dashboard.pages.photo import archive, cards, thumbnails
from tests.dashboard.pages.photo.visiting import (
    BLANK,
    choose_photo,
    headings,
    open_page,
    page_text,
    portrait,
    shown_photos,
    upload,
)
from tests.fixtures.fakes import FakeClassifier, FakeDetector


def read(image: np.ndarray, *boxes: tuple[int, int, int, int]) -> PhotoReading:
    models = {"cnn": FakeClassifier(answer="happy"), "trees": FakeClassifier(answer="sad")}
    return photos.read(encode_png(image), Recognizer(FakeDetector(*boxes), models), as_one_face=False)


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


@pytest.fixture
def page(models: None) -> AppTest:
    """The page with three photos: a portrait, one without a face, and a dark one."""
    dark = encode_png((0.1 * skimage.data.astronaut()).astype(np.uint8))
    return upload(open_page(), ("one.jpg", portrait()), ("blank.png", BLANK), ("dark.png", dark))


def labels_of_downloads(page: AppTest) -> list[str]:
    return [button.label for button in page.get("download_button")]


def test_the_first_photo_is_shown_large_and_another_one_can_be_chosen(page: AppTest) -> None:
    assert shown_photos(page) == ["one.jpg", "blank.png", "dark.png"]
    assert headings(page) == ["one.jpg", "All faces"]
    choose_photo(page, "blank.png")
    assert headings(page) == ["blank.png", "All faces"]
    assert "**No face was found.**" in page.warning[0].value


def test_the_table_has_every_face_and_the_reasons(page: AppTest) -> None:
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', page_text(page))
    assert [re.sub(r"</t[hd]>(<td>)?", "|", row).strip("|").split("|") for row in rows] == [
        ["one.jpg", "1", "happy 100 %", "sad 100 %", *rows_end(rows[0]), "–"],
        ["blank.png", "no face", "–", "–", "–", "–", "–"],
        ["dark.png", "1", "uncertain (happy 100 %)", "uncertain (sad 100 %)", *rows_end(rows[2]), "too dark"],
    ]


def rows_end(row: str) -> list[str]:
    """Return side and light of a row, which depend on the detector."""
    side, light = re.findall(r"<td>(\d+ px)</td><td>(\d+ of 255)</td>", row)[0]
    return [side, light]


def test_choices_for_a_photo_are_kept_while_another_one_is_shown(page: AppTest) -> None:
    choose_photo(page, "blank.png")
    page.toggle[0].set_value(True).run()
    choose_photo(choose_photo(page, "one.jpg"), "blank.png")
    assert page.toggle[0].value
    assert "The whole photo as one face" in page_text(page)


def test_a_bad_file_leaves_the_gallery_and_keeps_its_sentence(models: None) -> None:
    page = upload(open_page(), ("one.jpg", portrait()), ("bad.jpg", b"nothing"), ("two.jpg", portrait()))
    assert shown_photos(page) == ["one.jpg", "two.jpg"]
    choose_photo(page, "two.jpg")
    assert [error.value.split(":")[0] for error in page.error] == ["bad.jpg"]


def test_clearing_removes_the_photos_their_files_and_their_choices(page: AppTest) -> None:
    whole = str(page.toggle[0].key)
    turn = whole.replace(keys.WHOLE_PHOTO, keys.TURN)
    page.toggle[0].set_value(True).run()
    next(button for button in page.button if button.label == "Turn").click().run()
    assert whole in page.session_state and turn in page.session_state
    page.button(keys.CLEAR_PHOTOS).click().run()
    assert not page.exception
    assert page.file_uploader[0].value == []
    assert headings(page) == ["astronaut.png"]
    assert keys.CLEAR_PHOTOS not in [button.key for button in page.button]
    assert whole not in page.session_state and turn not in page.session_state


def test_photos_that_were_cleared_are_read_again_after_a_new_upload(page: AppTest) -> None:
    page.button(keys.CLEAR_PHOTOS).click().run()
    upload(page, ("new.jpg", portrait()))
    assert not page.exception
    assert headings(page) == ["new.jpg"]


def test_a_damaged_upload_alone_can_be_cleared(models: None) -> None:
    page = upload(open_page(), ("bad.jpg", b"nothing"))
    page.button(keys.CLEAR_PHOTOS).click().run()
    assert not page.error


def test_forgotten_photos_have_no_readings_in_memory(models: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cleared = []
    monkeypatch.setattr(resources.recognition._read_photo, "clear", lambda: cleared.append(True))
    resources.recognition.forget_photos([Photo("1", "a.jpg", b"")])
    assert cleared == [True]


def test_several_photos_have_a_zip_file(page: AppTest) -> None:
    expected = ["Annotated photo (PNG)", "All photos and readings (ZIP)", "All readings as CSV"]
    assert labels_of_downloads(page) == expected
    assert "All photos and readings (ZIP)" not in labels_of_downloads(open_page())


def test_the_zip_file_has_the_table_and_one_small_picture_per_photo() -> None:
    large = read(noise(1500, 2000), (100, 100, 400, 400))
    content = archive.zipped({"a.jpg": large, "a.png": read(noise(200, 300)), "../../x\n.jpg": large}, "cnn")
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        names = opened.namelist()
        assert names[:3] == ["readings.csv", "01 a-annotated.png", "02 a-annotated.png"]
        assert not any("/" in name or "\n" in name for name in names)
        assert decode_image(opened.read(names[1])).shape == (960, 1280, 3)
        assert decode_image(opened.read(names[2])).shape == (200, 300, 3)
        table = pd.read_csv(io.BytesIO(opened.read("readings.csv")))
    assert table["image"].tolist() == ["a.jpg", "a.jpg", "../../x\n.jpg", "../../x\n.jpg"]


def test_thumbnails_are_small_pictures_in_the_order_of_the_photos() -> None:
    html = thumbnails.html([read(noise(400, 800)), read(noise(800, 400))], "cnn")
    assert "2 photos" in html
    assert re.findall(r"nth-child\((\d)\) p::before {aspect-ratio: ([\d.]+);", html) == [("1", "1.800"), ("2", "0.500")]
    assert len(html) < 150_000


def test_reasons_name_the_models_with_low_confidence() -> None:
    one = read(noise(300, 300), (50, 50, 150, 150)).readings[0]
    assert one.quality is not None and one.quality.flaw is None
    assert cards.reasons(one, ["cnn", "trees"]) == "–"
    unsure = type(one)(one.face, one.probabilities, {"cnn": 1.1, "trees": 0.2}, quality=one.quality)
    assert cards.reasons(unsure, ["cnn", "trees"]) == "low confidence: cnn"
