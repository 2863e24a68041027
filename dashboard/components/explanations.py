"""The longer texts of the pages."""

ECE = "ECE, the expected calibration error, is the mean gap between confidence and accuracy; 0 is best."


PROPER_SCORES = (
    "NLL (negative log-likelihood) and the Brier score (mean squared error) judge all seven probabilities of a "
    "prediction, not only its label; smaller is better."
)


DETECTOR_HELP = (
    "The `haar` detectors use Haar cascades, a classic method (Viola and Jones 2001) for upright, frontal faces. Their "
    "smallest face, as a share of the longer side of the photo: `haar` 5 %, `haar-fast` 10 %, `haar-fine` 2.5 % (for "
    "groups; more false detections). `haar-multi` combines three cascades: it also finds rotated heads and faces at "
    "the border, from 7 %, but takes several times as long. `haar-multi-fast`, from 10 %, is its version for webcams. "
    "`yunet` is offered if its file is installed (docs/detection.md)."
)
