"""Annotated copies and banners: colours, labels and sizes."""

from dataclasses import replace

import numpy as np
import pytest

from core.colors import COLORS
from core.emotions import EMOTIONS
from core.recognition.drawing import (
    ACT_COLOR,
    BAR_COLOR,
    HOLD,
    MIN_SIDE,
    UNCERTAIN_COLOR,
    WAIT_COLOR,
    Prompt,
    annotate,
    draw_banner,
    draw_prompt,
)
from core.recognition.reading import Reading
from core.vision.crops import TRAINED_ANGLE, square_of
from core.vision.faces import Face, whole_image
from tests.fixtures.fakes import one_hot


def reading(emotion: str, box: tuple[int, int, int, int]) -> Reading:
    return Reading(Face(box), {"model": tuple(one_hot(emotion)), "other": tuple(one_hot("neutral"))})


def count_pixels(image: np.ndarray, hex_color: str) -> int:
    """Count the pixels of exactly this colour."""
    return int(np.all(image == tuple(bytes.fromhex(hex_color[1:])), axis=2).sum())


def blank(height: int, width: int, value: int = 127) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_face_is_drawn_in_the_colour_of_its_predicted_emotion(emotion):
    image = blank(300, 400)
    drawn = annotate(image, [reading(emotion, (100, 100, 200, 200))], "model")
    assert drawn.shape == image.shape
    assert drawn.dtype == np.uint8
    assert count_pixels(drawn, COLORS[emotion]) > 400  # four sides of 100 pixels, and the label
    assert count_pixels(image, COLORS[emotion]) == 0


def test_a_face_is_drawn_in_the_colour_of_the_given_models_prediction():
    drawn = annotate(blank(300, 400), [reading("happy", (100, 100, 200, 200))], "other")
    assert count_pixels(drawn, COLORS["neutral"]) > 400
    assert count_pixels(drawn, COLORS["happy"]) == 0


def test_face_numbers_are_drawn_if_there_are_several_faces():
    def drawn(*numbers: int) -> np.ndarray:
        faces = [reading("happy", (40 + 160 * i, 100, 140 + 160 * i, 200)) for i in range(len(numbers))]
        return annotate(blank(300, 400), [replace(f, number=n) for f, n in zip(faces, numbers, strict=True)], "model")

    assert not np.array_equal(drawn(1, 2), drawn(1, 3))
    assert np.array_equal(drawn(5), drawn(7))  # the number of a single face is not drawn
    assert not np.array_equal(drawn(0, 0), drawn(1, 2))  # 0 means no number, as in a photo


def test_without_faces_the_result_is_an_unchanged_copy():
    image = blank(200, 300)
    drawn = annotate(image, [], "model")
    np.testing.assert_array_equal(drawn, image)
    assert not np.shares_memory(drawn, image)


@pytest.mark.parametrize("box", [(0, 0, 40, 40), (360, 0, 400, 40), (0, 260, 40, 300), (360, 260, 400, 300)])
def test_the_label_of_a_face_in_a_corner_is_drawn_inside_the_image(box):
    middle = annotate(blank(300, 400), [reading("surprise", (180, 130, 220, 170))], "model")
    corner = annotate(blank(300, 400), [reading("surprise", box)], "model")
    # in a corner, the label may cover a part of the box
    assert count_pixels(corner, COLORS["surprise"]) > 0.8 * count_pixels(middle, COLORS["surprise"])


@pytest.mark.parametrize(
    ("shape", "expected"), [((48, 48), (192, 192)), ((1, 1), (160, 160)), ((100, 159), (200, 318))]
)
def test_small_images_are_enlarged_by_an_integer_factor(shape, expected):
    image = blank(*shape)
    drawn = annotate(image, [Reading(whole_image(image), {"model": tuple(one_hot("sad"))})], "model")
    assert drawn.shape[:2] == expected
    assert min(drawn.shape[:2]) >= MIN_SIDE


def test_read_only_and_strided_images_can_be_annotated():
    image = blank(400, 400)[::2, ::2]
    image.flags.writeable = False
    assert annotate(image, [reading("sad", (50, 50, 100, 100))], "model").shape == (200, 200, 3)
    assert draw_banner(image, "stopped").shape == (200, 200, 3)


@pytest.mark.parametrize("shape", [(480, 640), (1080, 1920), (120, 160), (48, 48), (2, 2), (1, 1)])
@pytest.mark.parametrize("text", ["The reader stopped.", "long " * 60, "supercalifragilistic" * 5, "déjà vu", ""])
def test_drawing_a_banner_keeps_the_image_size_and_does_not_change_the_original(shape, text):
    image = blank(*shape)
    assert draw_banner(image, text).shape == image.shape
    assert (image == 127).all()


def test_the_banner_has_light_text_and_leaves_the_bottom_of_the_image_unchanged():
    drawn = draw_banner(blank(480, 640), "The reader stopped.")
    assert (drawn[-200:] == 127).all()
    assert (drawn[0] != 127).all()
    assert (drawn[:60] > 230).any()


GET_READY = Prompt("2 of 7: disgust", "nose wrinkled, upper lip raised", "3", 0.25, acting=False)


@pytest.mark.parametrize("shape", [(480, 640), (1080, 1920), (640, 480), (240, 320), (48, 48), (2, 2), (1, 1)])
@pytest.mark.parametrize("text", [GET_READY.text, "long " * 60, "supercalifragilistic" * 5, "d\u00e9j\u00e0 vu", ""])
def test_drawing_a_prompt_keeps_the_image_size_and_does_not_change_the_original(shape, text):
    image = blank(*shape)
    assert draw_prompt(image, replace(GET_READY, text=text)).shape == image.shape
    assert (image == 127).all()


@pytest.mark.parametrize(("height", "width"), [(480, 640), (240, 320), (640, 480)])
def test_the_prompt_leaves_the_upper_part_of_the_image_unchanged(height, width):
    drawn = draw_prompt(blank(height, width), GET_READY)
    assert (drawn[: 2 * height // 3] == 127).all()
    band = drawn[-height // 5 :]
    assert (band < 127).any() and (band > 230).any(), "light text on a darkened image"


@pytest.mark.parametrize(("counter", "acting", "color"), [("3", False, WAIT_COLOR), (HOLD, True, ACT_COLOR)])
def test_the_bar_of_a_prompt_is_as_long_as_the_progress_and_its_colour_says_whether_to_act(counter, acting, color):
    drawn = draw_prompt(blank(480, 640), replace(GET_READY, counter=counter, progress=0.25, acting=acting))
    assert (drawn[-1, :160] == color).all()
    assert (drawn[-1, 160:] == BAR_COLOR).all()
    assert (drawn[-100:-12, 500:] == color).all(axis=2).any(), "the counter has this colour too"


def test_the_text_of_a_prompt_does_not_move_when_the_counter_becomes_a_word():
    counting = draw_prompt(blank(480, 640), GET_READY)
    holding = draw_prompt(blank(480, 640), replace(GET_READY, counter=HOLD))
    assert (counting[:, :480] == holding[:, :480]).all()
    assert (counting != holding).any()


def test_the_counter_of_a_prompt_is_at_least_twice_as_high_as_its_text():
    def heights(prompt):
        rows = (draw_prompt(np.zeros((480, 640, 3), np.uint8), prompt)[:-12] > 100).any(axis=(1, 2)).nonzero()[0]
        return rows.max() - rows.min() + 1

    text = heights(replace(GET_READY, title="", text="HHH", counter=" "))
    assert heights(replace(GET_READY, title="", text="")) >= 2 * text


def test_the_box_is_light_gray_only_if_the_model_is_uncertain():
    image = np.zeros((200, 200, 3), np.uint8)
    certain = Reading(Face((20, 60, 120, 160)), {"m": tuple(one_hot("happy"))}, {"m": 0.5})
    uncertain = replace(certain, probabilities={"m": (0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1)})
    assert tuple(annotate(image, [uncertain], "m")[110, 20]) == UNCERTAIN_COLOR
    assert tuple(annotate(image, [certain], "m")[110, 20]) != UNCERTAIN_COLOR


def outline(drawn: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Return the (x, y) of all changed pixels, (n, 2)."""
    return np.argwhere((drawn != image).any(axis=2))[:, ::-1]


@pytest.mark.parametrize("angle", [30, -45, 90, 150, -180])
def test_the_box_of_a_turned_face_is_a_turned_square(angle):
    image = blank(400, 400)
    face = Face((150, 150, 250, 250), angle=float(angle))
    drawn = annotate(image, [Reading(face, {"model": tuple(one_hot("happy"))})], "model")
    corners = np.array(square_of(face).corners)
    happy = tuple(bytes.fromhex(COLORS["happy"][1:]))
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        for share in (0.3, 0.5, 0.7):  # along each side
            x, y = (start + share * (end - start)).round().astype(int)
            assert (drawn[y - 1 : y + 2, x - 1 : x + 2] == happy).all(axis=2).any(), (x, y)
    assert (drawn[180:220, 180:220] == 127).all()  # the middle stays visible
    changed = outline(drawn, image)
    lower_half = changed[changed[:, 1] > 200]  # the label is above the box
    assert (np.linalg.norm(lower_half - face.centre, axis=1) < 50 * np.sqrt(2) + 4).all()


def test_a_face_that_is_turned_little_is_drawn_as_its_box():
    image = blank(300, 400)
    upright = reading("happy", (100, 100, 200, 180))
    turned = replace(upright, face=replace(upright.face, angle=TRAINED_ANGLE))
    np.testing.assert_array_equal(annotate(image, [turned], "model"), annotate(image, [upright], "model"))


def test_the_drawn_box_does_not_depend_on_the_margin_or_the_eyes():
    image = blank(300, 400)
    plain = reading("happy", (100, 100, 200, 200))
    with_eyes = replace(plain, face=Face((100, 100, 200, 200), 0.9, ((130.0, 140.0), (170.0, 140.0)), 0.0))
    np.testing.assert_array_equal(annotate(image, [with_eyes], "model"), annotate(image, [plain], "model"))


@pytest.mark.parametrize("centre", [(0, 0), (399, 0), (0, 299), (399, 299), (200, 5), (200, 295), (5, 150), (395, 150)])
@pytest.mark.parametrize("angle", [None, 45.0, -90.0])
def test_the_label_of_a_face_at_the_border_stays_inside_whatever_its_angle(centre, angle):
    (x, y), color = centre, COLORS["surprise"]
    box = max(0, x - 20), max(0, y - 20), min(400, x + 20), min(300, y + 20)

    def label_pixels(face: Face) -> int:
        return count_pixels(annotate(blank(300, 400), [replace(reading("surprise", box), face=face)], "model"), color)

    assert label_pixels(Face(box, angle=angle)) > 0.7 * label_pixels(Face((180, 130, 220, 170)))


def test_a_turned_box_on_an_enlarged_copy_is_enlarged_with_it():
    image = blank(80, 80)
    face = Face((30, 30, 50, 50), angle=45.0)
    drawn = annotate(image, [Reading(face, {"model": tuple(one_hot("sad"))})], "model")
    assert drawn.shape == (160, 160, 3)
    changed = outline(drawn, blank(160, 160))
    assert changed[:, 1].max() == pytest.approx(80 + 2 * 10 * np.sqrt(2), abs=3)
