"""The strongest moments of each emotion: which are kept, how they are saved, and their contact sheet."""

from collections.abc import Sequence

import numpy as np
import pytest

from core.emotions import EMOTIONS
from core.recognition.reading import Reading
from core.video.files.results.moments import APART_S, KEPT, Moment, Moments
from core.vision.faces import Face

FRAME = np.zeros((60, 80, 3), np.uint8)
BOX = (20, 10, 60, 50)


def reading(label: str, probability: float, face: int = 1, certain: bool = True) -> Reading:
    others = (1 - probability) / 6
    values = tuple(probability if emotion == label else others for emotion in EMOTIONS)
    return Reading(Face(BOX), {"cnn": values, "trees": (1 / 7,) * 7}, {"cnn": 0.0 if certain else 1.1}, face)


def collected(*frames: tuple[float, Reading]) -> list[Moment]:
    moments = Moments("cnn")
    for time_s, one in frames:
        moments.add(FRAME, time_s, [one])
    return moments.moments()


def test_the_six_strongest_moments_are_kept_the_strongest_first() -> None:
    shares = [0.5, 0.9, 0.55, 0.7, 0.65, 0.8, 0.6, 0.85]
    kept = collected(*((10.0 * i, reading("happy", share)) for i, share in enumerate(shares)))
    assert [moment.probability for moment in kept] == [0.9, 0.85, 0.8, 0.7, 0.65, 0.6]
    assert kept[0] == Moment("happy", 10.0, 1, 0.9, True)
    assert len(kept) == KEPT


def test_moments_are_sorted_by_emotion() -> None:
    kept = collected((0.0, reading("sad", 0.9)), (1.0, reading("angry", 0.8)), (5.0, reading("sad", 0.95)))
    assert [(moment.emotion, moment.time_s) for moment in kept] == [("angry", 1.0), ("sad", 5.0), ("sad", 0.0)]


def test_within_two_seconds_only_the_stronger_moment_of_a_face_is_kept() -> None:
    kept = collected((0.0, reading("sad", 0.6)), (1.0, reading("sad", 0.9)), (1.5, reading("sad", 0.8)))
    assert [moment.time_s for moment in kept] == [1.0]
    assert [m.time_s for m in collected((0.0, reading("sad", 0.6)), (APART_S, reading("sad", 0.9)))] == [APART_S, 0.0]


def test_two_faces_may_have_moments_at_the_same_time() -> None:
    moments = Moments("cnn")
    moments.add(FRAME, 1.0, [reading("fear", 0.6, face=2), reading("fear", 0.7, face=1)])
    assert [(moment.face, moment.probability) for moment in moments.moments()] == [(1, 0.7), (2, 0.6)]


def test_of_equal_moments_the_earlier_is_kept() -> None:
    kept = collected(*((1.0 * i, reading("happy", 0.7)) for i in range(30)))
    assert [moment.time_s for moment in kept] == [0, 2, 4, 6, 8, 10]


def test_uncertain_moments_are_kept_only_until_there_is_a_certain_one() -> None:
    frames = [(10.0 * i, reading("fear", 0.5 + i / 10, certain=False)) for i in range(3)]
    assert [moment.certain for moment in collected(*frames)] == [False] * 3
    certain = (40.0, reading("fear", 0.4))
    assert collected(*frames, certain, (50.0, frames[2][1])) == [Moment("fear", 40.0, 1, 0.4, True)]
    assert collected((0.0, reading("fear", 0.9, certain=False)), (1.0, reading("fear", 0.4)))[0].time_s == 1.0


def test_the_label_that_is_held_counts_with_its_own_probability() -> None:
    held = Reading(Face(BOX), {"cnn": (0.1, 0.0, 0.0, 0.48, 0.0, 0.42, 0.0)}, number=1, held={"cnn": "sad"})
    assert collected((3.0, held)) == [Moment("sad", 3.0, 1, 0.42, True)]


def test_readings_without_the_model_are_left_out() -> None:
    moments = Moments("other")
    moments.add(FRAME, 0.0, [reading("happy", 0.9)])
    assert moments.moments() == [] and moments.thumbnails().shape == (0, 112, 112, 3)


def test_each_moment_has_the_picture_of_its_own_frame() -> None:
    moments = Moments("cnn")
    for level, label in ((50, "sad"), (90, "angry"), (130, "happy")):
        moments.add(np.full((60, 80, 3), level, np.uint8), level / 1.0, [reading(label, 0.8)])
    assert [moment.time_s for moment in moments.moments()] == [90, 130, 50]
    assert moments.thumbnails().mean(axis=(1, 2, 3)).tolist() == [90, 130, 50]


def random_frames(count: int) -> list[tuple[np.ndarray, float, list[Reading]]]:
    rng = np.random.default_rng(5)
    frames = []
    for number in range(count):
        image = rng.integers(0, 256, (60, 80, 3), np.uint8)
        labels = rng.choice(EMOTIONS[:3], 2)
        one = [
            reading(str(e), float(rng.uniform(0.3, 1)), n, bool(rng.random() < 0.3)) for n, e in enumerate(labels, 1)
        ]
        frames.append((image, number * 0.7, one))
    return frames


def added(moments: Moments, frames: Sequence[tuple[np.ndarray, float, list[Reading]]]) -> Moments:
    for image, time_s, readings in frames:
        moments.add(image, time_s, readings)
    return moments


@pytest.mark.parametrize("stopped_at", [0, 1, 13, 40, 59, 60])
def test_saved_and_restored_moments_go_on_as_if_nothing_had_happened(stopped_at: int) -> None:
    frames = random_frames(60)
    undisturbed = added(Moments("cnn"), frames)
    first = added(Moments("cnn"), frames[:stopped_at])
    moments, thumbnails = first.moments(), first.thumbnails().copy()
    resumed = added(Moments.restored("cnn", moments, thumbnails), frames[stopped_at:])
    assert resumed.moments() == undisturbed.moments()
    assert (resumed.thumbnails() == undisturbed.thumbnails()).all()
    assert (resumed.sheet() == undisturbed.sheet()).all()


def test_a_state_with_the_wrong_number_of_thumbnails_is_refused() -> None:
    moments = added(Moments("cnn"), random_frames(3))
    with pytest.raises(ValueError):
        Moments.restored("cnn", moments.moments(), moments.thumbnails()[1:])


def test_only_faces_that_enter_are_cropped(monkeypatch: pytest.MonkeyPatch) -> None:
    crops = []
    monkeypatch.setattr("core.video.files.results.moments.thumbnail", lambda *face: crops.append(face) or FRAME)
    collected(*((i / 25, reading("happy", 0.9 - i / 1000)) for i in range(100)))
    assert len(crops) == 2  # after two seconds, the next one; all others are weaker than the one before


def test_the_contact_sheet_shows_the_pictures_of_each_emotion() -> None:
    moments = Moments("cnn")
    for second in range(0, 30, 3):
        moments.add(np.full((60, 80, 3), (10, 20, 30), np.uint8), second, [reading("happy", 0.8)])
    moments.add(np.full((60, 80, 3), (40, 50, 60), np.uint8), 31, [reading("sad", 0.4, certain=False)])
    sheet = moments.sheet("映画.mp4")
    assert (sheet == (10, 20, 30)).all(axis=2).sum() == pytest.approx(6 * 112 * 112, abs=50)
    assert (sheet == (40, 50, 60)).all(axis=2).sum() == pytest.approx(112 * 112, abs=50)


def test_the_contact_sheet_of_a_film_without_faces_is_a_smaller_image() -> None:
    empty, full = Moments("cnn").sheet(), added(Moments("cnn"), random_frames(60)).sheet("x" * 500)
    assert empty.dtype == full.dtype == np.uint8 and empty.ndim == 3
    assert empty.shape[1] == full.shape[1] and empty.shape[0] < full.shape[0]
    assert (empty < 100).any()  # the names of the emotions
