"""Explanations of metrics and detectors that pages show."""

ECE = "ECE, the expected calibration error, is the mean gap between confidence and accuracy; 0 is best."


PROPER_SCORES = (
    "NLL (negative log-likelihood) and the Brier score (mean squared error) judge all seven probabilities of a "
    "prediction, not only its label; smaller is better."
)


DETECTOR_HELP = (
    "The `haar` detectors use Haar cascades, a classic method (Viola and Jones 2001) for upright, frontal faces. "
    "`haar` finds faces from 5 % of the longer side of the photo, `haar-fast` from 10 %, and `haar-fine` from 2.5 %. "
    "`haar-fine` suits photos of groups, but reports more false faces. `haar-multi` combines three cascades. It also "
    "finds rotated heads and faces at the border, from 7 %, but takes several times as long as `haar`. "
    "`haar-multi-fast`, for webcams, is a faster version that finds faces from 10 %. `yunet`, a neural network, is "
    "offered if its file is installed (docs/detection.md)."
)
