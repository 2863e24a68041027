"""The default detectors."""

DEFAULT_DETECTOR = "haar"
"""For photos. The minimum face size is 5 % of the longer side."""

WEBCAM_DETECTOR = "haar-multi-fast"
"""For video. Finds faces in front of the camera, also turned ones, in real time."""
