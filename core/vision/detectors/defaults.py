"""The default detectors: the best one that can be used on this machine."""

from core.vision.detectors import DETECTORS, yunet_file

PHOTO_ORDER = ("yunet", "libfacedetection", "haar-multi")
"""Detectors for photos, the best first. The last one can be used on every machine."""

VIDEO_ORDER = ("yunet", "libfacedetection", "haar-multi-fast")
"""Detectors for the webcam and for films, the best first. The last one can be used on every machine."""

ABOUT = {
    "yunet": "The faces are found by YuNet, a small neural network.",
    "libfacedetection": "The faces are found by YuNet, a small neural network, in its authors' library.",
}
"""Default detector -> what the pages say about it."""


def default_detector(video: bool = False) -> str:
    """Return the name of the best detector that can be used, for photos or for video.

    `yunet` is the default only if its model file is the one that was measured.
    """
    order = VIDEO_ORDER if video else PHOTO_ORDER
    return next(name for name in order if why_not_default(name) is None)


def why_not_default(name: str) -> str | None:
    """Return why a detector cannot be the default, as part of a sentence; None if it can."""
    if (reason := DETECTORS[name].why_missing()) is not None:
        return reason
    if name == "yunet" and yunet_file.verified_file() is None:
        return "its model file is not the one that was measured"
    return None


def default_sentence(video: bool = False) -> str:
    """Return plain words on the default detector, and what is missing if it is only the last of the order."""
    name = default_detector(video)
    if name in ABOUT:
        return ABOUT[name]
    return (
        f"The faces are found by `{name}`: Haar cascades, which are slow and miss more faces than a network. "
        f"libfacedetection cannot be used, because {why_not_default('libfacedetection')}. "
        "`python -m core get yunet` downloads a better detector."
    )


def detector_note(name: str, video: bool = False) -> str | None:
    """Return what users should know about the detector that is used, or None if there is nothing to say.

    That is a fallback to Haar cascades, or a file of yunet that was not measured.
    """
    file = yunet_file.installed_file() if name == "yunet" else None
    if file and not yunet_file.is_verified(file):
        return (
            f"yunet uses {file.name}, which is not the file that was measured; `python -m core get yunet` fetches it."
        )
    order = VIDEO_ORDER if video else PHOTO_ORDER
    return default_sentence(video) if name == order[-1] == default_detector(video) else None
