"""The available face detectors. To add one, write a module in this folder and add an entry to `DETECTORS`."""

from collections.abc import Callable
from functools import partial

from core.exceptions import unknown_name
from core.vision.detectors.base import Detector
from core.vision.detectors.haar import HaarDetector
from core.vision.detectors.haar_multi import MultiHaarDetector
from core.vision.detectors.yunet import YunetDetector, model_file

DETECTORS: dict[str, Callable[[], Detector]] = {
    "haar": HaarDetector,
    "haar-fast": partial(HaarDetector, shrunk_side=320),
    "haar-fine": partial(HaarDetector, shrunk_side=1280),
    "haar-multi": partial(MultiHaarDetector, shrunk_side=448, votes=12, max_windows_per_pass=5),
    "haar-multi-fast": partial(MultiHaarDetector, shrunk_side=320, votes=24, max_windows_per_pass=14),
    "yunet": YunetDetector,
}
"""Detector name -> function that creates the detector.

The percentages give the smallest face that a detector finds, as a share of the longer side of the image.

- haar: 5 %
- haar-fast: 10 %; fast enough for real time
- haar-fine: 2.5 %; reports more false positives
- haar-multi: 7 %; uses three cascades and also finds rotated faces
- haar-multi-fast: 10 %; like haar-multi, but fast enough for real time
- yunet: needs a model file that does not ship with FERscope
"""


def detector_names() -> list[str]:
    """Return the names of the detectors that can be used. yunet is among them only if its model file is present."""
    return [name for name in DETECTORS if name != "yunet" or model_file()]


def make_detector(name: str) -> Detector:
    """Create a detector for use in one thread. Raises InputError with the valid names if `name` is unknown."""
    if name not in DETECTORS:
        raise unknown_name("detector", name, DETECTORS)
    return DETECTORS[name]()
