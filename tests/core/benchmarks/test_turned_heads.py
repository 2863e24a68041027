"""Accuracy on turned faces, with crops that are turned upright and with crops that are not."""

from collections.abc import Iterator

import numpy as np
import skimage.data

from core.benchmarks.framing import BORDER, SCALE
from core.benchmarks.turned_heads import ANGLES, COLUMNS, accuracy_by_angle
from core.classifiers.base import LabelledFaces
from core.vision.crops import crop_face
from core.vision.faces import Face
from tests.fixtures.synthetic import draw_face

SIDE = 48 * SCALE
WHOLE = (BORDER, BORDER, BORDER + SIDE, BORDER + SIDE)
"""Box of the image without its border."""

FACES = LabelledFaces(np.array([draw_face(seed) for seed in range(7)], np.uint8), np.arange(7))
"""Seven different faces, each with its own label."""


class Scripted:
    """Return `WHOLE` with the next angle, or no face if it is None."""

    margin = 0.0

    def __init__(self, angles: Iterator[float | None]) -> None:
        self.angles = angles
        self.shapes: set[tuple[int, ...]] = set()

    def detect(self, image: np.ndarray) -> list[Face]:
        self.shapes.add(image.shape)
        angle = next(self.angles)
        return [] if angle is None else [Face(WHOLE, 0.9, ((1, 1), (2, 2)), float(angle)), Face((0, 0, 9, 9), 0.9)]


class NearestFace:
    """Predict the label of the most similar face of `FACES`."""

    def predict_proba(self, faces: np.ndarray) -> np.ndarray:
        assert faces.shape[1:] == (48, 48) and faces.dtype == np.uint8
        distances = np.abs(faces[:, np.newaxis].astype(int) - FACES.faces).mean(axis=(2, 3))
        return np.eye(7, dtype=np.float32)[distances.argmin(axis=1)].reshape(len(faces), 7)


def true_angles(*angles: int) -> Iterator[float]:
    """Yield the counterclockwise angle of each image: every other one is turned clockwise."""
    return (angle if number % 2 else -angle for angle in angles for number in range(len(FACES.labels)))


def test_upright_crops_of_turned_faces_are_recognized_and_turned_ones_are_not():
    detector = Scripted(true_angles(0, 30, 90))
    table = accuracy_by_angle(NearestFace(), FACES, detector, (0, 30, 90)).set_index("angle")
    assert table["images"].eq(7).all() and table["found"].eq(7).all()
    assert table["right_upright"].tolist() == [7, 7, 7]
    assert table["right_turned"][0] == 7 and table["right_turned"][30] < 7 and table["right_turned"][90] < 7
    assert detector.shapes == {(SIDE + 2 * BORDER, SIDE + 2 * BORDER, 3)}


def test_the_sign_of_the_angle_matters():
    wrong = Scripted(-angle for angle in true_angles(45))
    table = accuracy_by_angle(NearestFace(), FACES, wrong, (45,))
    assert table["right_upright"][0] < 7


def test_faces_that_are_not_found_do_not_count():
    detector = Scripted(iter([None, 0, None, 0, 0, None, 0]))
    table = accuracy_by_angle(NearestFace(), FACES, detector, (0,))
    assert tuple(table.columns) == COLUMNS
    assert table.to_numpy().tolist() == [[0, 7, 4, 4, 4]]


def test_without_any_face_all_numbers_are_0():
    table = accuracy_by_angle(NearestFace(), FACES, Scripted(iter([None] * 14)), (0, 20))
    assert table.to_numpy().tolist() == [[0, 7, 0, 0, 0], [20, 7, 0, 0, 0]]


def test_small_angles_are_not_corrected():
    """Both crops are the same if the angle is one that the networks saw in training."""
    table = accuracy_by_angle(NearestFace(), FACES, Scripted(true_angles(8)), (8,))
    assert table["right_upright"][0] == table["right_turned"][0]


def test_the_progress_counts_all_images_of_all_angles():
    done: list[tuple[int, int]] = []
    accuracy_by_angle(NearestFace(), FACES, Scripted(iter([None] * 35)), on_progress=lambda *now: done.append(now))
    assert done == [(number, 7 * len(ANGLES)) for number in range(1, 7 * len(ANGLES) + 1)]


def test_the_real_detectors_find_faces_that_are_turned(landmark_detector):
    portrait = crop_face(skimage.data.astronaut(), Face((166, 56, 282, 172)))
    data = LabelledFaces(portrait[np.newaxis], np.array([0]))
    table = accuracy_by_angle(NearestFace(), data, landmark_detector, (0, 20))
    assert table["found"].tolist() == [1, 1]
