"""The protocol of face detectors, and its extension for video."""

from typing import Protocol, runtime_checkable

from core.vision.faces import Face
from core.vision.images import Image


class Detector(Protocol):
    """A face detector. Use each object in one thread only, because OpenCV's cascades keep state."""

    def detect(self, image: Image) -> list[Face]:
        """Return the faces of an image, (H, W, 3) uint8 RGB, largest first; an empty list if there are none."""
        ...


@runtime_checkable
class SweepingDetector(Detector, Protocol):
    """A detector that can spread its search, a sweep, over several frames of a video."""

    sweep_length: int
    """Number of calls of `sweep_part` that search as much as one call of `detect`."""

    def sweep_part(self, image: Image) -> list[Face]:
        """Search one frame with the next part of the sweep; return the faces of this part and those before it."""
        ...

    def reset_sweep(self) -> None:
        """Forget the parts so far and start the sweep again."""
        ...

    def detect_near(self, image: Image, side: float) -> list[Face]:
        """Return the faces in a small image cut around the last position of a face about `side` pixels wide."""
        ...
