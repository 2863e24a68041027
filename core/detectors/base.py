"""What every face detector does."""

from typing import Protocol

from core.faces import Face
from core.images import Image


class Detector(Protocol):
    """Finds faces. One object serves one thread: OpenCV's cascades keep state, so each session makes its own."""

    def detect(self, image: Image) -> list[Face]:
        """(H, W, 3) uint8 RGB -> faces, largest first; an empty list where none is found."""
        ...
