"""OpenCV's Haar cascade for frontal faces (Viola and Jones 2001).

The notebook project that FERscope grew out of uses the same cascade.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.faces import Face, clipped_face
from core.vision.images import Image, shrunk, to_gray

CASCADE_DIR = Path(cv2.__file__).parent / "data"
"""Folder of the cascade files that come with OpenCV."""

SCALE_STEP = 1.1
"""Ratio between consecutive window sizes. With 1.2, the portrait described below is missed at some sizes."""

MIN_NEIGHBORS = 5
"""A window is a face if it has at least this many similar windows around it. With 3, faces are found in noise."""

CONTRAST_LIMIT = 2.0
"""Clip limit of the adaptive histogram equalisation (CLAHE, in 8 x 8 tiles) that is applied before the search.

The alternatives were compared on 72 images. They show scikit-image's portrait of an astronaut in 24 combinations of
size and position, each at 100, 30 and 10 % of its brightness.

- no equalisation: 48 found, 1 false positive
- histogram equalisation of the whole image: 72 found, 11 false positives
- contrast stretching: 71 found, 9 false positives
- CLAHE with this limit: 72 found, no false positives
"""

MIN_SIDE = 30
"""Minimum face size, in pixels of the shrunk image. The cascade was trained on faces of 24 x 24 pixels."""

SHRUNK_SIDE = 704
"""Larger images are shrunk until their longer side has this many pixels.

On 84 images of the same portrait, at 0.4 to 2 times its size, there are no false positives. With a side of 768 pixels
there are four, and with 1024 more than sixteen, because textures look like faces to small windows.
"""


class HaarDetector:
    """Detect frontal faces. Their confidence is None. OpenCV keeps state, so use each object in one thread only."""

    def __init__(self, shrunk_side: int = SHRUNK_SIDE) -> None:
        self.shrunk_side = shrunk_side
        self._clahe = cv2.createCLAHE(CONTRAST_LIMIT, (8, 8))
        self._cascade = cascade("frontalface_default")

    def detect(self, image: Image) -> list[Face]:
        """Return the faces of an image, (H, W, 3) uint8 RGB, largest first.

        The list is empty if there are no faces or if the image is too small.
        """
        working = shrunk(to_gray(image), self.shrunk_side)
        if min(working.shape) < MIN_SIDE:
            return []
        boxes = self._cascade.detectMultiScale(
            self._clahe.apply(working), SCALE_STEP, MIN_NEIGHBORS, minSize=(MIN_SIDE, MIN_SIDE)
        )
        factor = image.shape[1] / working.shape[1]
        faces = [_face(box, factor, image) for box in np.reshape(boxes, (-1, 4))]
        return sorted(faces, key=lambda face: face.area, reverse=True)


def cascade(name: str) -> cv2.CascadeClassifier:
    """Load one of the cascades that come with OpenCV, such as `frontalface_default`."""
    return cv2.CascadeClassifier(str(CASCADE_DIR / f"haarcascade_{name}.xml"))


def _face(box_xywh: NDArray[np.int32], factor: float, image: Image) -> Face:
    """Scale a box of the shrunk image by `factor` and clip it to the original image."""
    left, top, width, height = (float(value) * factor for value in box_xywh)
    return clipped_face((left, top, left + width, top + height), (image.shape[1], image.shape[0]))
