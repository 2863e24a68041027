"""OpenCV's Haar cascade for frontal faces (Viola and Jones 2001), the seed project's detector."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.faces import Face, clipped_face
from core.vision.images import Image, shrunk, to_gray

CASCADES = Path(cv2.__file__).parent / "data"
"""The files that come with OpenCV."""

SCALE_STEP = 1.1
"""Ratio of one window size to the next; at 1.2 the portrait named below is lost at some sizes."""

MIN_NEIGHBORS = 5
"""Overlapping hits that make a face; 3 reports faces in plain noise."""

CONTRAST_LIMIT = 2.0
"""Of the local equalisation before the search. Scikit-image's portrait of an astronaut in 24 sizes and positions, at
100, 30 and 10 % of its brightness (72 images): as it is 48 found and 1 false; equalised as a whole 72 and 11;
stretched 71 and 9; equalised in 8 x 8 tiles with this limit 72 and none."""

MIN_SIDE = 30
"""Smallest face, in pixels of the working image; the cascade's own window is 24."""

WORKING_SIDE = 704
"""Longer side, in pixels, that bigger images are shrunk to. On the same portrait at 0.4 to 2 times its size (84 images)
no find is false, at 768 four are, at 1024 more than sixteen: small windows find faces in any texture."""


class HaarDetector:
    """Frontal faces without a confidence. Keeps state in OpenCV: one object serves one thread."""

    def __init__(self, working_side: int = WORKING_SIDE) -> None:
        self.working_side = working_side
        self._contrast = cv2.createCLAHE(CONTRAST_LIMIT, (8, 8))
        self._cascade = cascade("frontalface_default")

    def detect(self, image: Image) -> list[Face]:
        """(H, W, 3) uint8 RGB -> faces, largest first; empty where none is found or the image is too small."""
        working = shrunk(to_gray(image), self.working_side)
        if min(working.shape) < MIN_SIDE:
            return []
        boxes = self._cascade.detectMultiScale(
            self._contrast.apply(working), SCALE_STEP, MIN_NEIGHBORS, minSize=(MIN_SIDE, MIN_SIDE)
        )
        factor = image.shape[1] / working.shape[1]
        faces = [_face(box, factor, image) for box in np.reshape(boxes, (-1, 4))]
        return sorted(faces, key=lambda face: face.area, reverse=True)


def cascade(name: str) -> cv2.CascadeClassifier:
    """One of OpenCV's own cascades, such as `frontalface_default`."""
    return cv2.CascadeClassifier(str(CASCADES / f"haarcascade_{name}.xml"))


def _face(box_xywh: NDArray[np.int32], factor: float, image: Image) -> Face:
    """A box of the working image, enlarged by `factor` and clipped into the image."""
    left, top, width, height = (float(value) * factor for value in box_xywh)
    return clipped_face((left, top, left + width, top + height), (image.shape[1], image.shape[0]))
