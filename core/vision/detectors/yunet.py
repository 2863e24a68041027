"""The YuNet face detector (Wu et al. 2023), run by OpenCV.

It needs a model file in models/detectors/ that FERscope does not ship: face_detection_yunet from OpenCV Zoo, in any
version that the installed OpenCV can read. The speed and recall of YuNet have not been measured in FERscope.
"""

from pathlib import Path

import cv2

from core import paths
from core.exceptions import InputError
from core.vision.faces import Face, clipped_face
from core.vision.images import Image, shrunk, to_bgr

MODEL_FILE_PATTERN = "face_detection_yunet*.onnx"

SHRUNK_SIDE = 640
"""Larger images are shrunk until their longer side has this many pixels."""

MIN_SCORE = 0.7
"""Faces with a lower score are dropped."""


def model_file() -> Path | None:
    """Return the model file in models/detectors/, or None. Of several, return the last by name."""
    return max(paths.MODELS_DIR.glob(f"detectors/{MODEL_FILE_PATTERN}"), default=None)


class YunetDetector:
    """Detect faces and give each a confidence. Use each object in one thread only."""

    def __init__(self) -> None:
        """Load the model file. Raises InputError if it is missing or invalid."""
        file = model_file()
        if file is None:
            raise InputError(
                f"yunet needs its model file: put OpenCV Zoo's {MODEL_FILE_PATTERN.replace('*', '_2023mar')} into "
                f"{paths.MODELS_DIR.name}/detectors/, or choose another detector."
            )
        try:
            self._network = cv2.FaceDetectorYN.create(str(file), "", (SHRUNK_SIDE, SHRUNK_SIDE), MIN_SCORE)
        except cv2.error as error:
            raise InputError(
                f"OpenCV {cv2.__version__} cannot read the model {file.name}; download it again."
            ) from error

    def detect(self, image: Image) -> list[Face]:
        """Return the faces of an image, (H, W, 3) uint8 RGB, largest first; an empty list if there are none."""
        working = shrunk(image, SHRUNK_SIDE)
        height, width = working.shape[:2]
        self._network.setInputSize((width, height))
        _, found = self._network.detect(to_bgr(working))
        rows = [] if found is None else found.tolist()
        faces = [_face(row, image.shape[1] / width, image) for row in rows]
        return sorted((face for face in faces if face.area), key=lambda face: face.area, reverse=True)


def _face(row: list[float], factor: float, image: Image) -> Face:
    """Convert one detection of YuNet to a face: scale it by `factor` and clip it to the original image.

    `row` has left, top, width and height in pixels of the shrunk image, ten landmark coordinates, and the score.
    """
    left, top, width, height = (value * factor for value in row[:4])
    score = min(1.0, max(0.0, row[-1]))
    return clipped_face((left, top, left + width, top + height), (image.shape[1], image.shape[0]), score)
