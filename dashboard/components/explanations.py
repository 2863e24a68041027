"""The longer texts of the pages."""

ECE = "ECE, the expected calibration error, is the mean gap between confidence and accuracy: 0 is best."


PROPER_SCORES = (
    "NLL (negative log-likelihood) and the Brier score judge all seven probabilities of an answer, not only its label: "
    "smaller is better."
)


DETECTOR_HELP = (
    "Haar cascades find upright faces seen from the front. `haar` finds those from about 5 % of the picture's longer "
    "side, `haar-fast` from 10 %, `haar-fine` from 2.5 %: for groups, at the price of more false finds. `haar-multi` "
    "lets three cascades vote and finds turned heads and faces at the border too, from 7 %, in several times the time; "
    "`haar-multi-fast`, made for webcams, does so from 10 %. `yunet` is here where its file is (docs/detection.md)."
)
