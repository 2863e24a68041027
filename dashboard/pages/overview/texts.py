"""The texts of the Overview page."""

from dashboard.components.explanations import ECE

LEAD = (
    "FERscope compares two kinds of models, convolutional networks and gradient-boosted trees (CatBoost), on {data}. "
    "See how accurate they are, which errors they make, and whether the difference between two of them is more than "
    "chance. Try them on a photo, on a film or on your webcam."
)

FER2013 = "the {images:,} faces of FER2013"
"""`data` in `LEAD` if the data set in use is FER2013."""

OTHER_DATA = "FER2013. The imported data set, with {images:,} images, is a different one"
"""`data` in `LEAD` if another data set is imported."""

HOW_TO_READ_SCORES = (
    "Accuracy is shown with its 95 % confidence interval (Wilson's method for shares). *Leak-free* leaves out the test "
    "images that have an exact copy, equal in every pixel, in Training; near copies stay in. *PrivateTest* is the half "
    "of the test images that decided the contest for which FER2013 was made. Macro-F1 is the mean of the seven "
    f"emotions' F1 scores, where F1 combines precision and recall. {ECE} *ms per face* is the median time of a "
    "prediction for one face on one thread; all models were timed in the same run."
)


HOW_TEST_WAS_USED = (
    "No epoch, temperature or threshold was fitted to test images. But `cnn` results from five rounds of training, and "
    "each later round began when the test accuracy of the round before was known. Test accuracy was measured six "
    "times. The best of six results is partly luck: among equally good networks, it exceeds the mean by about 0.3 "
    "points (docs/models.md)."
)


ACCURACY_CHART = "Accuracy of each model on three slices of the test images, with 95 % intervals."


PAGES = {
    "dataset": "The images: class balance, mean faces, samples, copies, leaks and conflicting labels.",
    "models": "What each model is, its scores and its training curves.",
    "compare": "Two models on the same images: confusion matrices, intervals, significance, calibration.",
    "errors": "The faces that one or both of two models classify wrongly.",
    "photo": "Predict the expressions in your own photos, or in a film.",
    "live": "Predict expressions live from your webcam; nothing is stored.",
}
"""URL path -> what the page is for."""


NOT_FOR = """
- **Not at work and not in education.** The European Union's AI Act (Art. 5(1)(f)) forbids systems that infer people's
  emotions there, except for medical or safety reasons.
- **Not to judge a person.** A facial expression is not a feeling: people scowl when they concentrate and smile when
  they are embarrassed ([Barrett et al. 2019](https://doi.org/10.1177/1529100619832930)). FERscope shows a *predicted
  expression*: the label that the face would probably have in FER2013.
- **Not as a fair measure across groups of people.** The training data has no labels of age, gender or skin colour, so
  bias between groups **is not measured**. Assume that there is bias.
- **Not without telling people.** Everyone exposed to such a system must be told (Art. 50(3)).
"""


PEOPLE = (
    "The band shows the accuracy of people, 65 ± 5 % ([Goodfellow et al. 2013](https://arxiv.org/abs/1307.0414)). A "
    "model above the band has learnt how FER2013 was labelled. It does not read faces better than people."
)
