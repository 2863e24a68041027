"""The face detectors by name. To add one: a file beside this one, and a line in `DETECTORS`."""

from collections.abc import Callable
from functools import partial

from core.detectors.base import Detector
from core.detectors.following import FollowingDetector
from core.detectors.haar import HaarDetector
from core.exceptions import unknown_name

DETECTORS: dict[str, Callable[[], Detector]] = {
    "haar": HaarDetector,
    "haar-fast": partial(HaarDetector, working_side=320),
    "haar-fine": partial(HaarDetector, working_side=1280),
}
"""Name -> factory. Haar finds faces from 5 % of the longer side; fast from 10 %, in real time; fine from 2.5 %, with
more false finds."""


def make_detector(name: str) -> Detector:
    """A new detector, for one thread. Raises InputError with the right names for a wrong one."""
    if name not in DETECTORS:
        raise unknown_name("detector", name, DETECTORS)
    return DETECTORS[name]()


def make_video_detector(name: str) -> Detector:
    """The same for the frames of one video, where it follows the faces that it has found."""
    return FollowingDetector(make_detector(name))
