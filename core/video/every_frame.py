"""Detect faces in every frame of a video, with a detector that is fast enough."""

from core.video.video_detector import DetectorState
from core.vision.detectors.base import Detector
from core.vision.faces import Face, largest_first, matches_any
from core.vision.images import Image

MIN_NEW_SCORE = 0.5
"""EveryFrameDetector takes a face that it does not know yet if its score is at least this."""


class EveryFrameDetector:
    """Search every frame with a fast detector, and keep known faces at a lower score than new ones need.

    If the score of a face is near the limit, its box would otherwise come and go. Each stream needs its own object.
    """

    searched = True
    """The whole of every frame is searched."""

    def __init__(self, detector: Detector, min_score: float) -> None:
        """`detector` returns faces with scores also below `min_score`, which only faces that are new must reach."""
        self._detector = detector
        self._min_score = min_score
        self._known: list[Face] = []
        self._size: tuple[int, ...] = ()

    @property
    def margin(self) -> float:
        """Margin that `crop_face` adds to the boxes."""
        return self._detector.margin

    def detect(self, image: Image) -> list[Face]:
        """Return the faces of the next frame, (H, W, 3) uint8 RGB, the largest first."""
        known = self._known if image.shape == self._size else []
        faces: list[Face] = []
        for face in sorted(self._detector.detect(image), key=_score, reverse=True):
            is_found = _score(face) >= self._min_score or matches_any(face, known)
            if is_found and not matches_any(face, faces):
                faces.append(face)
        self._known, self._size = largest_first(faces), image.shape
        return list(self._known)

    def state(self) -> DetectorState:
        """Return what the results for later frames depend on."""
        return DetectorState(tuple(self._known), self._size)

    def restore(self, state: DetectorState) -> None:
        """Go on after the frames that another detector of this kind has seen."""
        self._known, self._size = list(state.known), state.frame_shape


def _score(face: Face) -> float:
    return 0.0 if face.confidence is None else face.confidence
