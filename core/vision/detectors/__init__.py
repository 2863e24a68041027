"""The available face detectors. To add one, write a module in this folder and add an entry to `DETECTORS`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from core.exceptions import unknown_name
from core.vision.detectors import libfacedetection, yunet
from core.vision.detectors.base import Detector
from core.vision.detectors.haar import HaarDetector
from core.vision.detectors.haar_multi import MultiHaarDetector
from core.vision.detectors.libfacedetection import LibfacedetectionDetector
from core.vision.detectors.yunet import YunetDetector


@dataclass(frozen=True)
class Entry:
    """How to create a detector, and what is known of it before it is created."""

    make: Callable[[], Detector]
    """Create the detector. Raises InputError if something that it needs is missing."""
    smallest_face: float
    """Width of the smallest face that it finds reliably in photos, as a share of the longer side of the photo."""
    why_missing: Callable[[], str | None] = lambda: None
    """Return why the detector cannot be used here, as part of a sentence; None if it can."""
    make_for_frames: Callable[[], Detector] | None = None
    """Create a version that is fast enough to search every frame of a video; None for slow detectors.

    It returns faces down to a low score, so that known faces can be kept (core/video/following.py).
    """
    smallest_face_in_frames: float | None = None
    """The same as `smallest_face` for frames of a video, as a share of their width; None if it is the same."""

    def smallest(self, video: bool) -> float:
        """Return the width of the smallest face that it finds reliably, in photos or in frames of a video."""
        return (video and self.smallest_face_in_frames) or self.smallest_face


DETECTORS: dict[str, Entry] = {
    "yunet": Entry(YunetDetector, 0.03, yunet.why_missing, yunet.make_for_frames, 0.08),
    "libfacedetection": Entry(
        LibfacedetectionDetector, 0.03, libfacedetection.why_missing, libfacedetection.make_for_frames, 0.08
    ),
    "haar": Entry(HaarDetector, 0.05),
    "haar-fast": Entry(partial(HaarDetector, shrunk_side=320), 0.1),
    "haar-fine": Entry(partial(HaarDetector, shrunk_side=1280), 0.025),
    "haar-multi": Entry(partial(MultiHaarDetector, shrunk_side=448, votes=12, max_windows_per_pass=5), 0.07),
    "haar-multi-fast": Entry(partial(MultiHaarDetector, shrunk_side=320, votes=24, max_windows_per_pass=14), 0.1),
}
"""Detector name -> entry. The pickers show the names in this order."""


def detector_names() -> list[str]:
    """Return the names of the detectors that can be used on this machine."""
    return [name for name, entry in DETECTORS.items() if entry.why_missing() is None]


def make_detector(name: str) -> Detector:
    """Create a detector for use in one thread.

    Raises InputError with the valid names if `name` is unknown, or with the reason if the detector cannot be used.
    """
    if name not in DETECTORS:
        raise unknown_name("detector", name, DETECTORS)
    return DETECTORS[name].make()
