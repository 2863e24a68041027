"""What every face detector does, and what one may do besides for videos."""

from typing import Protocol, runtime_checkable

from core.vision.faces import Face
from core.vision.images import Image


class Detector(Protocol):
    """Finds faces. One object serves one thread: OpenCV's cascades keep state, so each session makes its own."""

    def detect(self, image: Image) -> list[Face]:
        """(H, W, 3) uint8 RGB -> faces, largest first; an empty list where none is found."""
        ...


@runtime_checkable
class SweepingDetector(Detector, Protocol):
    """One whose search is too long for a frame, and can be spread over several."""

    sweep_length: int
    """Calls of `sweep` that search as much as one of `detect`."""

    def sweep(self, image: Image) -> list[Face]:
        """The next frame of a video -> what this part of the search and those before found together."""
        ...

    def rest(self) -> None:
        """Forget the parts so far: the next one is the first."""
        ...

    def near(self, image: Image, side: float) -> list[Face]:
        """The small picture about a place where a face of about `side` pixels was just before -> what is there."""
        ...
