"""Ten corruptions of face images, each at five strengths.

The method follows Hendrycks and Dietterich 2019 ("Benchmarking Neural Network Robustness to Common Corruptions and
Perturbations", ICLR). The corruptions are chosen for gray faces of 48 x 48 pixels, so the results cannot be compared
with those on ImageNet-C, the benchmark in that paper.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from core.exceptions import unknown_name
from core.vision.crops import FACE_SIZE, Faces
from core.vision.warp import warp

STRENGTHS = (1, 2, 3, 4, 5)

MID_GRAY = 128

FaceImage = NDArray[np.uint8]
"""(48, 48) uint8."""


@dataclass(frozen=True)
class Corruption:
    """One kind of corruption."""

    unit: str
    """Text that follows an amount on screen, such as "degrees in either direction"."""
    amounts: tuple[float, float, float, float, float]
    """One amount per strength, the mildest first."""
    apply: Callable[[Faces, float, Generator], Faces]
    """(n, 48, 48) uint8, amount, random generator -> (n, 48, 48) uint8, a new array."""


def corrupt(faces: Faces, name: str, strength: int, seed: int) -> Faces:
    """Return corrupted copies of the faces, (n, 48, 48) uint8; raises InputError for an unknown corruption.

    Strength 0 changes nothing; strength 5 changes most. With the same seed, the random draws are the same at every
    strength, and only the amount differs.
    """
    if name not in CORRUPTIONS:
        raise unknown_name("corruption", name, CORRUPTIONS)
    if strength == 0:
        return faces.copy()
    corruption = CORRUPTIONS[name]
    return corruption.apply(faces, corruption.amounts[strength - 1], np.random.default_rng(seed))


def brightness(faces: Faces, amount: float, generator: Generator) -> Faces:
    return _to_levels(_to_unit(faces) + amount * _random_signs(faces, generator))


def contrast(faces: Faces, amount: float, _generator: Generator) -> Faces:
    images = _to_unit(faces)
    means = images.mean(axis=(1, 2), keepdims=True)
    return _to_levels((images - means) * np.float32(amount) + means)


def gamma(faces: Faces, amount: float, generator: Generator) -> Faces:
    """Raise the gray levels of each face, scaled to 0..1, to the power `amount` or 1 / `amount`."""
    return _to_levels(_to_unit(faces) ** (amount ** _random_signs(faces, generator)))


def noise(faces: Faces, amount: float, generator: Generator) -> Faces:
    deviations = generator.standard_normal(faces.shape, np.float32)
    return _to_levels(_to_unit(faces) + np.float32(amount) * deviations)


def blur(faces: Faces, amount: float, _generator: Generator) -> Faces:
    def blur_face(face: FaceImage) -> FaceImage:
        return np.asarray(cv2.GaussianBlur(face, (0, 0), amount, borderType=cv2.BORDER_REPLICATE), np.uint8)

    return _map_faces(faces, blur_face)


def jpeg(faces: Faces, amount: float, _generator: Generator) -> Faces:
    def compress(face: FaceImage) -> FaceImage:
        coded = cv2.imencode(".jpg", face, [cv2.IMWRITE_JPEG_QUALITY, int(amount)])[1]
        return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)

    return _map_faces(faces, compress)


def low_resolution(faces: Faces, amount: float, _generator: Generator) -> Faces:
    """Shrink each face to `amount` pixels per side, then enlarge it as `crop_face` enlarges small faces."""

    def shrink_and_enlarge(face: FaceImage) -> FaceImage:
        small = cv2.resize(face, (int(amount), int(amount)), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.resize(small, (FACE_SIZE, FACE_SIZE), interpolation=cv2.INTER_LINEAR), np.uint8)

    return _map_faces(faces, shrink_and_enlarge)


def rotation(faces: Faces, amount: float, generator: Generator) -> Faces:
    n = len(faces)
    degrees = amount * _random_signs(faces, generator).ravel().astype(np.float64)
    return warp(faces, degrees, np.ones(n), np.zeros((n, 2)))


def shift(faces: Faces, amount: float, generator: Generator) -> Faces:
    n = len(faces)
    direction = generator.uniform(0, 2 * np.pi, n)
    shifts = amount * FACE_SIZE * np.column_stack([np.cos(direction), np.sin(direction)])
    return warp(faces, np.zeros(n), np.ones(n), shifts)


def occlusion(faces: Faces, amount: float, generator: Generator) -> Faces:
    """Cover a share `amount` of each face's area with a gray square.

    With the same seed, a larger square contains the smaller ones.
    """
    side = round(FACE_SIZE * amount**0.5)
    corners = (generator.uniform(0, 1, (len(faces), 2)) * (FACE_SIZE - side)).astype(int)
    covered = faces.copy()
    for face, (y, x) in zip(covered, corners, strict=True):
        face[y : y + side, x : x + side] = MID_GRAY
    return covered


def _to_unit(faces: Faces) -> NDArray[np.float32]:
    """uint8 0..255 -> float32 0..1."""
    return faces.astype(np.float32) / np.float32(255)


def _to_levels(images: NDArray[np.float32]) -> Faces:
    """float32 0..1 -> uint8 0..255; values outside 0..1 are clipped."""
    return np.rint(images * 255).clip(0, 255).astype(np.uint8)


def _random_signs(faces: Faces, generator: Generator) -> NDArray[np.float32]:
    """Draw -1 or 1 for each face, (n, 1, 1) float32."""
    return generator.choice(np.array([-1, 1], np.float32), (len(faces), 1, 1))


def _map_faces(faces: Faces, change: Callable[[FaceImage], FaceImage]) -> Faces:
    """Apply `change` to each face; n = 0 is allowed."""
    return np.array([change(face) for face in faces], np.uint8).reshape(faces.shape)


CORRUPTIONS: dict[str, Corruption] = {
    "brightness": Corruption("of the gray range, brighter or darker", (0.1, 0.2, 0.3, 0.4, 0.5), brightness),
    "contrast": Corruption("of the contrast remains", (0.75, 0.5, 0.4, 0.3, 0.15), contrast),
    "gamma": Corruption("as exponent, or its inverse", (1.25, 1.5, 2, 2.5, 3), gamma),
    "noise": Corruption("of the gray range as standard deviation", (0.04, 0.08, 0.12, 0.18, 0.26), noise),
    "blur": Corruption("pixels as standard deviation of the Gaussian", (0.5, 1, 1.5, 2, 2.5), blur),
    "JPEG": Corruption("as JPEG quality", (50, 30, 20, 10, 5), jpeg),
    "low resolution": Corruption("pixels per side remain", (32, 24, 16, 12, 8), low_resolution),
    "rotation": Corruption("degrees in either direction", (5, 10, 15, 20, 30), rotation),
    "shift": Corruption("of the side, in any direction", (0.04, 0.08, 0.12, 0.16, 0.2), shift),
    "occlusion": Corruption("of the area under a gray square", (0.04, 0.09, 0.16, 0.25, 0.36), occlusion),
}
