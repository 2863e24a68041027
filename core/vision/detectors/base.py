"""The protocol of face detectors, and its extension for video."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from core.vision.faces import Face
from core.vision.images import Image


class Detector(Protocol):
    """A face detector. Use each object in one thread only, because OpenCV's cascades keep state."""

    @property
    def margin(self) -> float:
        """Margin that `crop_face` adds at each edge of this detector's boxes, as a share of their longer side.

        It was measured with `python -m core framing`; docs/framing.md has the table.
        """
        ...

    def detect(self, image: Image) -> list[Face]:
        """Return the faces of an image, (H, W, 3) uint8 RGB, largest first; an empty list if there are none."""
        ...


@dataclass(frozen=True)
class SweepState:
    """How far a sweep has come, as plain values that can be stored."""

    next_part: int
    """Index of the part that runs next."""
    windows: tuple[tuple[tuple[float, ...], ...], ...]
    """For each of the latest parts, oldest first, the windows that it found; the detector knows what they mean."""


@runtime_checkable
class SweepingDetector(Detector, Protocol):
    """A detector that can spread a full search (a sweep) over several frames of a video."""

    sweep_length: int
    """Number of parts of a sweep. This many calls of `sweep_part` search as much as one call of `detect`."""

    def sweep_part(self, image: Image) -> list[Face]:
        """Run the next part of the sweep on a frame.

        Return the faces found by the latest `sweep_length` parts together.
        """
        ...

    def reset_sweep(self) -> None:
        """Forget the results of earlier parts and start a new sweep."""
        ...

    def sweep_state(self) -> SweepState:
        """Return what later parts of the sweep depend on."""
        ...

    def restore_sweep(self, state: SweepState) -> None:
        """Continue the sweep of another detector of this kind."""
        ...

    def detect_near(self, image: Image, side: float) -> list[Face]:
        """Search a small image, cut out around the last position of a face that was about `side` pixels wide.

        Return the faces in pixels of the small image, largest first.
        """
        ...
