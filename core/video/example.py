"""A film of a moving portrait: the input of benchmarks and browser tests, and the example on the Photo & video page."""

from collections.abc import Iterator

import cv2
import numpy as np

from core.vision.images import Image

SIZE_WH = (640, 480)
FRAMES_PER_S = 30


def portrait_video(frames: int) -> Iterator[Image]:
    """Yield `frames` images, (480, 640, 3) uint8 RGB, of scikit-image's portrait of an astronaut.

    The view pans and zooms around the face and repeats every six seconds.
    """
    from skimage.data import astronaut

    portrait = astronaut()
    for angle in 2 * np.pi * np.arange(frames) / (6 * FRAMES_PER_S):
        scale = 640 / (360 + 40 * np.cos(angle))
        x, y = 225 + 25 * np.sin(angle), 150 + 15 * np.sin(2 * angle)
        matrix = np.array([[scale, 0, 320 - scale * x], [0, scale, 240 - scale * y]])
        yield np.asarray(cv2.warpAffine(portrait, matrix, SIZE_WH, borderMode=cv2.BORDER_REPLICATE), np.uint8)
