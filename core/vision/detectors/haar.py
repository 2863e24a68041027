"""OpenCV's Haar cascade for frontal faces (Viola and Jones 2001).

The notebook project that FERscope grew out of uses the same cascade.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.faces import Face, clipped_face, largest_first
from core.vision.images import Image, shrunk, to_gray

CASCADE_DIR = Path(cv2.__file__).parent / "data"
"""Folder of the cascade files that come with OpenCV."""

SCALE_STEP = 1.1
"""Ratio between consecutive window sizes. With 1.2, the portrait described below is missed at some sizes."""

MIN_NEIGHBORS = 5
"""A window is a face if it has at least this many similar windows around it. With 3, faces are found in noise."""

CONTRAST_LIMIT = 2.0
"""Clip limit of the adaptive histogram equalisation (CLAHE, in 8 x 8 tiles) that is applied before the first search.

The alternatives were compared on 72 images. They show scikit-image's portrait of an astronaut in 24 combinations of
size and position, each at 100, 30 and 10 % of its brightness.

- no equalisation: 48 found, 1 false positive
- histogram equalisation of the whole image: 72 found, 11 false positives
- contrast stretching: 71 found, 9 false positives
- CLAHE with this limit: 72 found, no false positives

Other faces are found only without equalisation, see `BORDER`.
"""

BORDER = 0.1
"""Width of the border of the second search, as a share of the shorter side of the image.

An image in which no face is found is searched once more. This second search has no equalisation, but a border that
repeats the pixels at the edges. The cascade needs surroundings to find a face that fills the image or is cut by it.
The alternatives were compared on three sets of images:

- composites: 840 images of `core/benchmarks/composites.py` with 1,077 faces. They are the standard conditions of
  `--part tune`, 60 images each, seeds 0 and 1. "Found" counts faces.
- val: 700 random val images, enlarged by `framing.with_border`. "Found" counts right largest detections.
- empty: 280 random parts of seven images without faces, mirrored and darkened at random. All detections are false.

| | composites: found, false | val: found, false | empty: false |
| --- | --- | --- | --- |
| CLAHE only, 5 neighbours (earlier versions) | 642, 249 | 486, 38 | 45 |
| CLAHE and border, 5 neighbours | 704, 227 | 480, 41 | 51 |
| no CLAHE, border, 5 neighbours | 696, 55 | 493, 38 | 60 |
| second search without a border, 6 neighbours | 654, 255 | 513, 41 | 47 |
| second search, border of 0.1, 5 neighbours | 704, 256 | 519, 40 | 52 |
| second search, border of 0.1, 6 neighbours | 700, 256 | 513, 39 | 48 |
| **second search, border of 0.1, 8 neighbours** | 692, 251 | 506, 39 | 48 |
| second search, border of 0.1, 10 neighbours | 682, 250 | 501, 39 | 46 |
| second search, border of 0.2, 6 neighbours | 699, 254 | 513, 43 | 49 |
| border in both searches, 5 and 5 neighbours | 726, 234 | 514, 43 | 55 |

Without CLAHE, there are fewer false detections in the composites, which have only five backgrounds, but not in the
empty images. In the composites, 54 % of the dark faces are then found, instead of 67 %. With a border in both searches,
`haar-fast` misses one of the portraits in the tests. The second search never loses a face that the first one finds.
"""

MIN_NEIGHBORS_AGAIN = 8
"""`MIN_NEIGHBORS` of the second search.

It is higher, because many images without a face reach the second search. On 1,050 other empty images, the first search
has 185 false detections. The second search adds 27 with 5 neighbours, 15 with 6, 6 with 8 and 2 with 10.
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

    margin = 0.0

    def __init__(self, shrunk_side: int = SHRUNK_SIDE) -> None:
        self.shrunk_side = shrunk_side
        self._clahe = cv2.createCLAHE(CONTRAST_LIMIT, (8, 8))
        self._cascade = cascade("frontalface_default")

    def detect(self, image: Image) -> list[Face]:
        """Return the faces of an image, (H, W, 3) uint8 RGB, largest first.

        If no face is found, the image is searched again without equalisation and with a border, see `BORDER`. The list
        is empty if there are no faces or if the image is too small.
        """
        working = shrunk(to_gray(image), self.shrunk_side)
        if min(working.shape) < MIN_SIDE:
            return []
        equalised = np.asarray(self._clahe.apply(working), np.uint8)
        border = round(BORDER * min(working.shape))
        found = self._search(equalised, MIN_NEIGHBORS, 0, image)
        return found or self._search(working, MIN_NEIGHBORS_AGAIN, border, image)

    def _search(self, gray: NDArray[np.uint8], min_neighbors: int, border: int, image: Image) -> list[Face]:
        """Search the shrunk image, (H, W) uint8, with a border of so many pixels.

        Return the faces in pixels of the original image, largest first.
        """
        searched = cv2.copyMakeBorder(gray, border, border, border, border, cv2.BORDER_REPLICATE)
        boxes = self._cascade.detectMultiScale(searched, SCALE_STEP, min_neighbors, minSize=(MIN_SIDE, MIN_SIDE))
        factor = image.shape[1] / gray.shape[1]
        faces = [_face(box, border, factor, image) for box in np.reshape(boxes, (-1, 4))]
        # A box that lies in the border has no area in the image.
        return largest_first(face for face in faces if face.area)


def cascade(name: str) -> cv2.CascadeClassifier:
    """Load one of the cascades that come with OpenCV, such as `frontalface_default`."""
    return cv2.CascadeClassifier(str(CASCADE_DIR / f"haarcascade_{name}.xml"))


def _face(box_xywh: NDArray[np.int32], border: int, factor: float, image: Image) -> Face:
    """Shift a box by the border's width, scale it by `factor`, and clip it to the original image."""
    left, top, width, height = box_xywh.tolist()
    edges = (left - border, top - border, left - border + width, top - border + height)
    return clipped_face([edge * factor for edge in edges], (image.shape[1], image.shape[0]))
