"""The default detectors."""

DEFAULT_DETECTOR = "haar"
"""The default for photos. It finds faces down to 5 % of the longer side of the image."""

WEBCAM_DETECTOR = "haar-multi-fast"
"""The default for the webcam. It also finds rotated faces, and is fast enough for real time."""
