"""The face detectors by name. To add one: a file beside this one, and a line in `DETECTORS`."""

from collections.abc import Callable
from functools import partial

from core.exceptions import unknown_name
from core.vision.detectors.base import Detector
from core.vision.detectors.haar import HaarDetector
from core.vision.detectors.haar_multi import MultiHaarDetector
from core.vision.detectors.yunet import YunetDetector, model_file

DETECTORS: dict[str, Callable[[], Detector]] = {
    "haar": HaarDetector,
    "haar-fast": partial(HaarDetector, working_side=320),
    "haar-fine": partial(HaarDetector, working_side=1280),
    "haar-multi": partial(MultiHaarDetector, working_side=448, votes=12, counted=5),
    "haar-multi-fast": partial(MultiHaarDetector, working_side=320, votes=24, counted=14),
    "yunet": YunetDetector,
}
"""Name -> factory. Haar finds faces from 5 % of the longer side; fast from 10 %, in real time; fine from 2.5 %, with
more false finds. Multi searches with three cascades, at turned heads too: from 7 % and, fast, from 10 %.
YuNet needs a file that does not ship."""


def detector_names() -> list[str]:
    """The detectors that can be made here."""
    return [name for name in DETECTORS if name != "yunet" or model_file()]


def make_detector(name: str) -> Detector:
    """A new detector, for one thread. Raises InputError with the right names for a wrong one."""
    if name not in DETECTORS:
        raise unknown_name("detector", name, DETECTORS)
    return DETECTORS[name]()
