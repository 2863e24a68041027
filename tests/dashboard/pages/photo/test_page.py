"""The Photo & video page in AppTest, with fake models and the real detector."""

import pytest

from core.exceptions import InputError
from core.vision.detectors.defaults import default_detector
from dashboard import keys, resources
from tests.dashboard.pages.photo.visiting import (
    BLANK,
    clear_caches,
    headings,
    open_page,
    page_text,
    portrait,
    shown_photos,
    upload,
)
from tests.fixtures.fakes import FakeClassifier


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
    [notice] = [block.proto.body for block in open_page().get("html") if block.proto.body.startswith("<details")]
    line, rest = notice.split("</summary>")
    assert "never stored" in line and "not feelings" in line
    for words in ("<strong>never stores</strong>", "people who know", "is not a feeling", "threshold", "too dark"):
        assert words in rest


def test_uploads_replace_the_example(models):
    page = upload(open_page(), ("one.jpg", portrait()), ("two.jpg", portrait()))
    assert not page.exception
    assert shown_photos(page) == ["one.jpg", "two.jpg"]
    assert headings(page) == ["one.jpg", "All faces"]
    assert "example" not in page_text(page)


def test_a_bad_file_shows_an_error_and_the_others_are_read(models):
    page = upload(open_page(), ("bad.jpg", b"not a picture"), ("good.jpg", portrait()))
    assert not page.exception
    assert [error.value for error in page.error] == [
        "bad.jpg: This is not an image in a supported format; use JPEG, PNG, WebP, BMP, GIF, TIFF, AVIF or HEIC."
    ]
    assert "cnn: happy 100 %" in page_text(page)


def test_without_readable_files_there_is_no_download(models):
    page = upload(open_page(), ("bad.jpg", b""))
    assert "This file is empty" in page.error[0].value
    assert not page.get("download_button")


def test_without_a_detected_face_the_whole_photo_can_be_read_as_one_face(models):
    page = upload(open_page(), ("blank.png", BLANK))
    assert not page.exception
    assert "**No face was found.** Choose another detector above, turn the photo" in page.warning[0].value
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
    assert headings(page) == ["shot.jpg"]


def test_drawing_the_labels_of_another_model_makes_no_new_predictions(models, monkeypatch):
    page = open_page()
    monkeypatch.setattr(FakeClassifier, "predict_proba", lambda *_: pytest.fail("predicted again"))
    page.button_group(key=keys.DRAWN_MODEL).set_value("catboost").run()
    assert not page.exception


def test_with_another_detector_only_the_chosen_model_predicts(models):
    page = open_page()
    page.multiselect[0].set_value(["catboost"]).run()
    assert page.selectbox(keys.PHOTO_DETECTOR).value == default_detector()
    page.selectbox(keys.PHOTO_DETECTOR).set_value("haar-fast").run()
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


def test_damaged_models_are_left_out_with_a_warning(models, monkeypatch):
    def refuse(name):
        raise InputError(f"{name}/weights is not the file that card.json describes.")

    monkeypatch.setattr(resources.recognition, "load_classifier", refuse)
    page = open_page()
    assert not page.exception
    assert "catboost/weights is not the file" in page_text(page) and "cnn/weights is not the file" in page_text(page)
    assert "None of the chosen models can be used" in page_text(page)


def test_too_many_photos_show_a_warning_and_only_the_first_are_read(models):
    page = upload(open_page(), *((f"{number}.jpg", BLANK) for number in range(resources.recognition.MAX_PHOTOS + 1)))
    assert "The first 20 of 21 photos are shown" in page_text(page)
    assert len(shown_photos(page)) == resources.recognition.MAX_PHOTOS
