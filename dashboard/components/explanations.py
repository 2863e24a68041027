"""Explanations of metrics and detectors that pages show."""

ECE = "ECE, the expected calibration error, is the mean gap between confidence and accuracy; 0 is best."


DETECTOR_HELP = (
    "`yunet` and `libfacedetection` run YuNet, a small neural network that also finds the eyes. "
    "Detectors whose names begin with `haar` use Haar cascades, a classic method (Viola and Jones 2001) for upright, "
    "frontal faces. They miss small faces. The smallest face that `haar` finds is 5 % as wide as the longer side of "
    "the photo; for `haar-fast` it is 10 %, and for `haar-fine` 2.5 %. `haar-fine` suits photos of groups, but takes "
    "other things for faces more often. `haar-multi` combines three cascades. It also finds rotated faces and faces "
    "cut off by the border, if they are at least 7 % wide, but takes several times as long as `haar`. "
    "`haar-multi-fast`, for webcams, is a faster version for faces at least 10 % wide. docs/detection.md compares all "
    "of them."
)
