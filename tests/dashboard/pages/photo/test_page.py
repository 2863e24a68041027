"""The Photo page in AppTest, with fake models and the real detector."""

import io

import numpy as np
import PIL.Image
import pytest
import skimage.data
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import paths
from core.exceptions import InputError
from core.vision.images import encode_png
from dashboard import resources
from tests.fixtures.fakes import FakeClassifier
from tests.fixtures.models import write_model

SCRIPT = paths.ROOT / "dashboard" / "pages" / "photo" / "page.py"
BLANK = encode_png(np.full((300, 400, 3), 200, np.uint8))


@pytest.fixture
def models(shipped, monkeypatch):
    """Write the two default models: cnn always predicts happy, catboost sad."""
    write_model("cnn", skill=3)
    write_model("catboost", skill=1, family="catboost")
    labels = {"cnn": "happy", "catboost": "sad"}
    monkeypatch.setattr(resources.recognition, "load_classifier", lambda name: FakeClassifier(answer=labels[name]))
    clear_caches()
    yield
    clear_caches()


def clear_caches():
    st.cache_data.clear()
    st.cache_resource.clear()


def open_page() -> AppTest:
    return AppTest.from_file(SCRIPT, default_timeout=60).run()


def portrait() -> bytes:
    buffer = io.BytesIO()
    PIL.Image.fromarray(skimage.data.astronaut()).save(buffer, "JPEG")
    return buffer.getvalue()


def page_text(page: AppTest) -> str:
    """Return all text on the page as one string."""
    elements = [*page.error, *page.warning, *page.info, *page.caption, *page.subheader, *page.markdown]
    return " ".join(element.value for element in elements) + " ".join(block.proto.body for block in page.get("html"))


def upload(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    return page.file_uploader[0].set_value([(name, data, "image/jpeg") for name, data in files]).run()


def test_the_example_photo_is_shown_if_there_is_no_upload(models):
    page = open_page()
    assert not page.exception
    text = page_text(page)
    assert "here is an example" in text
    assert "public domain" in text
    assert "cnn: happy 100 %" in text
    assert "catboost: sad 100 %" in text
    assert [button.label for button in page.get("download_button")] == ["Annotated photo (PNG)", "All readings as CSV"]


def test_the_notice_explains_privacy_and_predicted_expressions(models):
    notice = open_page().info[0].value
    assert "never stores" in notice
    assert "is not a feeling" in notice


def test_uploads_replace_the_example(models):
    page = upload(open_page(), ("one.jpg", portrait()), ("two.jpg", portrait()))
    assert not page.exception
    assert [header.value for header in page.subheader] == ["one.jpg", "two.jpg"]
    assert "example" not in page_text(page)


def test_a_bad_file_shows_an_error_and_the_others_are_read(models):
    page = upload(open_page(), ("bad.jpg", b"not a picture"), ("good.jpg", portrait()))
    assert not page.exception
    assert [error.value for error in page.error] == [
        "bad.jpg: This is not an image in a supported format; use JPEG, PNG, WebP or BMP."
    ]
    assert "cnn: happy 100 %" in page_text(page)


def test_without_readable_files_there_is_no_download(models):
    page = upload(open_page(), ("bad.jpg", b""))
    assert "This file is empty" in page.error[0].value
    assert not page.get("download_button")


def test_without_a_detected_face_the_whole_photo_can_be_read_as_one_face(models):
    page = upload(open_page(), ("blank.png", BLANK))
    assert not page.exception
    assert "No face was found." in page.warning[0].value
    page.toggle[0].set_value(True).run()
    assert not page.exception
    assert not page.warning
    assert "The whole photo as one face" in page_text(page)


def test_a_snapshot_replaces_the_example(models):
    page = open_page()
    page.button_group(key="source").set_value("Camera").run()
    assert "here is an example" in page_text(page)
    page.camera_input[0].set_value(("shot.jpg", portrait(), "image/jpeg")).run()
    assert not page.exception
    assert [header.value for header in page.subheader] == ["shot.jpg"]


def test_drawing_the_labels_of_another_model_makes_no_new_predictions(models, monkeypatch):
    page = open_page()
    monkeypatch.setattr(FakeClassifier, "predict_proba", lambda *_: pytest.fail("predicted again"))
    page.button_group[-1].set_value("catboost").run()
    assert not page.exception


def test_with_another_detector_only_the_chosen_model_predicts(models):
    page = open_page()
    page.multiselect[0].set_value(["catboost"]).run()
    page.selectbox[0].set_value("haar-fast").run()
    assert not page.exception
    assert "catboost: sad 100 %" in page_text(page)
    assert "cnn: happy 100 %" not in page_text(page)


def test_an_empty_choice_of_models_shows_a_message(models):
    page = open_page()
    page.multiselect[0].set_value([]).run()
    assert not page.exception
    assert "No model is chosen" in page_text(page)


def test_without_models_the_page_shows_a_message(home):
    clear_caches()
    page = open_page()
    assert not page.exception
    assert "There is no model yet" in page_text(page)


def test_a_damaged_model_shows_an_error(models, monkeypatch):
    def refuse(name):
        raise InputError(f"{name}/weights is not the file that card.json describes.")

    monkeypatch.setattr(resources.recognition, "load_classifier", refuse)
    page = open_page()
    assert not page.exception
    assert "weights is not the file" in page.error[0].value


def test_too_many_photos_show_a_warning_and_only_the_first_are_read(models):
    page = upload(open_page(), *((f"{number}.jpg", BLANK) for number in range(resources.recognition.MAX_PHOTOS + 1)))
    assert "The first 20 of 21 photos are shown" in page_text(page)
    assert len(page.subheader) == resources.recognition.MAX_PHOTOS
