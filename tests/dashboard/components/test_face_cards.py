"""Faces and probability bars as HTML."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from core.colors import COLORS
from core.emotions import EMOTIONS
from core.recognition.quality import Quality
from core.recognition.reading import Reading
from core.vision.faces import Face
from core.vision.images import data_url
from dashboard.components.face_cards import FaceCard, bars_html, face_html, grid_html, prediction_notes

HAPPY = [0.05, 0.0, 0.05, 0.7, 0.1, 0.1, 0.0]


@pytest.mark.parametrize("shape", [(48, 48), (20, 30, 3)])
def test_data_url_decodes_to_the_same_image(shape: tuple[int, ...]) -> None:
    face = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    header, data = data_url(face).split(",")
    assert header == "data:image/png;base64"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))), face)


def test_bars_show_every_emotion_and_mark_the_predicted_and_the_true_label() -> None:
    html = bars_html({"cnn": HAPPY}, true_label="sad")
    assert html.count('class="ferscope-bar') == 1 + len(EMOTIONS)  # "ferscope-bars" and seven times "ferscope-bar"
    assert f"width:70.0%;background:{COLORS['happy']}" in html
    assert '<div class="ferscope-bar top"><span>happy</span>' in html
    assert "<span>sad ✓</span>" in html


def test_given_label_is_bold_instead_of_the_most_probable_emotion() -> None:
    html = face_html(FaceCard("Face 1", bars={"cnn": HAPPY, "trees": HAPPY}, labels={"cnn": "sad"}))
    assert html.count('<div class="ferscope-bar top"><span>sad</span>') == 1
    assert html.count('<div class="ferscope-bar top"><span>happy</span>') == 1


def test_without_models_there_are_no_bars() -> None:
    assert bars_html({}) == ""


def test_texts_are_escaped() -> None:
    html = face_html(FaceCard("<b>", notes=("<i>",), image_url="data:x", bars={"<u>": HAPPY}, alt='"'))
    assert not any(tag in html for tag in ("<b>", "<i>", "<u>"))
    assert 'alt="&quot;"' in html


def test_card_without_an_image_url_has_no_image() -> None:
    assert "<img" not in face_html(FaceCard("fear"))


@pytest.mark.parametrize(
    ("quality", "sure", "unsure"),
    [
        (None, "happy 70 %", "uncertain (happy 70 %)"),
        (Quality(90, 120.0, 0.5), "happy 70 %", "uncertain (happy 70 %)"),
        (Quality(90, 12.0, 0.5), "uncertain (happy 70 %), too dark", "uncertain (happy 70 %), too dark"),
        (Quality(20, 12.0, 0.5), "uncertain (happy 70 %), too small", "uncertain (happy 70 %), too small"),
        (Quality(90, 120.0, 0.01), "uncertain (happy 70 %), blurred", "uncertain (happy 70 %), blurred"),
    ],
)
def test_notes_name_the_flaw_of_a_face(quality: Quality | None, sure: str, unsure: str) -> None:
    probabilities = {"cnn": tuple(HAPPY), "trees": tuple(HAPPY)}
    reading = Reading(Face((0, 0, 90, 90)), probabilities, {"cnn": 0.5, "trees": 0.8}, quality=quality)
    assert prediction_notes(reading) == (f"cnn: {sure}", f"trees: {unsure}")


def test_empty_grid_has_no_cards() -> None:
    assert "<figure" not in grid_html([])


def test_only_the_longest_bars_are_visible_if_a_card_says_so_and_all_seven_are_folded_away() -> None:
    visible, folded = face_html(FaceCard("Face 1", bars={"cnn": HAPPY, "trees": HAPPY}, top=3)).split("<details>")
    assert re.findall(r"<span>(\w+)</span>", visible) == 2 * ["happy", "neutral", "sad"]
    assert re.findall(r"<span>(\w+)</span>", folded) == 2 * list(EMOTIONS)
    assert "<details" not in face_html(FaceCard("Face 1", bars={"cnn": HAPPY}))
    assert "<details" not in face_html(FaceCard("Face 1", top=3))
