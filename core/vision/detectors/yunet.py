"""YuNet through OpenCV (Wu et al. 2023), for whoever puts its model file into models/detectors/.

FERscope ships no weights of others: the file is OpenCV Zoo's face_detection_yunet, any version that your OpenCV reads.
Neither its speed nor its recall was measured here.
"""

from pathlib import Path

import cv2

from core import paths
from core.exceptions import InputError
from core.vision.faces import Face, clipped_face
from core.vision.images import Image, shrunk, to_bgr

PATTERN = "face_detection_yunet*.onnx"

WORKING_SIDE = 640
"""Longer side, in pixels, that bigger pictures are shrunk to."""

MIN_SCORE = 0.7
"""Finds with a lower score are dropped."""


def model_file() -> Path | None:
    """The newest version in models/detectors/ by name; None where there is none."""
    return max(paths.MODELS_DIR.glob(f"detectors/{PATTERN}"), default=None)


class YunetDetector:
    """Faces with a confidence, at any turn. Keeps state: one object serves one thread."""

    def __init__(self) -> None:
        """Raises InputError where the model file is missing, or is none."""
        file = model_file()
        if file is None:
            raise InputError(
                f"yunet needs its model file: put OpenCV Zoo's {PATTERN.replace('*', '_2023mar')} into "
                f"{paths.MODELS_DIR.name}/detectors/, or choose another detector."
            )
        try:
            self._network = cv2.FaceDetectorYN.create(str(file), "", (WORKING_SIDE, WORKING_SIDE), MIN_SCORE)
        except cv2.error as error:
            raise InputError(
                f"{file.name} is no model that OpenCV {cv2.__version__} can read; get it again."
            ) from error

    def detect(self, image: Image) -> list[Face]:
        """(H, W, 3) uint8 RGB -> faces, largest first; empty where none is found."""
        working = shrunk(image, WORKING_SIDE)
        height, width = working.shape[:2]
        self._network.setInputSize((width, height))
        _, found = self._network.detect(to_bgr(working))
        rows = [] if found is None else found.tolist()
        faces = [_face(row, image.shape[1] / width, image) for row in rows]
        return sorted((face for face in faces if face.area), key=lambda face: face.area, reverse=True)


def _face(row: list[float], factor: float, image: Image) -> Face:
    """x, y, width, height, ten landmarks, score, in pixels of the shrunk picture -> a box inside the image."""
    left, top, width, height = (value * factor for value in row[:4])
    score = min(1.0, max(0.0, row[-1]))
    return clipped_face((left, top, left + width, top + height), (image.shape[1], image.shape[0]), score)
