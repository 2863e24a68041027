"""Which detector is used unless another is chosen."""

DEFAULT_DETECTOR = "haar"
"""For photos: faces from a twentieth of the longer side."""


WEBCAM_DETECTOR = "haar-multi-fast"
"""For video: faces in front of the camera, turned ones too, in real time."""
