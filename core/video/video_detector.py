"""The protocol of detectors for the frames of one video, and what they remember of earlier frames."""

from dataclasses import dataclass
from typing import Protocol

from core.vision.detectors.base import Detector, SweepState
from core.vision.faces import Face


@dataclass(frozen=True)
class DetectorState:
    """What a detector remembers between two frames, as plain values that can be stored."""

    known: tuple[Face, ...] = ()
    """The faces of the latest frame."""
    frame_shape: tuple[int, ...] = ()
    """Shape of the latest frame, (H, W, 3); empty before the first."""
    frames_since_search: int = 0
    """Frames since the latest full search or the start of the latest sweep."""
    sweep_start_s: float = 0.0
    """Time at which the latest sweep began, by the detector's clock."""
    sweep_duration_s: float = 0.0
    """Time that the parts of the latest sweep took, by the detector's clock."""
    sweep: SweepState | None = None
    """How far the latest sweep has come; None for detectors that do not sweep."""


class VideoDetector(Detector, Protocol):
    """A detector for the frames of one video."""

    @property
    def searched(self) -> bool:
        """Whether the latest frame was searched for new faces, in whole or in part."""
        ...

    def state(self) -> DetectorState:
        """Return what the results for later frames depend on."""
        ...

    def restore(self, state: DetectorState) -> None:
        """Go on after the frames that another detector of the same kind has seen."""
        ...
