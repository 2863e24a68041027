"""The texts of the Overview page. `..._HTML` are HTML, all others Markdown."""

from dashboard.components.explanations import ECE

TITLE = "Two kinds of models, seven expressions"

LEAD_HTML = (
    "FERscope compares convolutional networks with gradient-boosted trees on {data}: their accuracy and their errors. "
    "Try them on a photo, on a film or on your webcam."
)

FER2013 = "the {images:,} faces of FER2013"
"""`data` in `LEAD_HTML` if the data set in use is FER2013."""

OTHER_DATA = "FER2013"
"""`data` in `LEAD_HTML` if another data set is imported."""

OTHER_DATA_NOTE = " The imported data set, with {images:,} images, is a different one."
"""Last sentence of the introduction if another data set is imported."""


KINDS = {
    "cnn": "convolutional network",
    "catboost": "gradient-boosted trees",
    "catboost-handmade": "gradient-boosted trees",
    "catboost-embedding": "gradient-boosted trees",
    "catboost-guest": "gradient-boosted trees",
    "onnx": "network as ONNX graph",
    "predictions": "predictions without a model",
}
"""Family -> kind of model."""


HOW_TO_READ_TITLE = "What these figures mean"

HOW_TO_READ_HTML = (
    "<strong>Accuracy</strong> is the share of faces whose label is predicted. Its 95 % confidence interval is "
    "Wilson's, and n is the number of test images. <strong>Without exact copies</strong>, or leak-free, leaves out the "
    "test images that have an exact copy, equal in every pixel, in Training; near copies stay in. "
    "<strong>PrivateTest</strong> is the half of the test images that decided the contest for which FER2013 was made. "
    "<strong>Macro-F1</strong> is the mean of the seven emotions' F1 scores, where F1 combines precision and recall. "
    f"{ECE} <strong>Size</strong> is that of the weights, with those of the network that a model needs, if any. "
    "<strong>ms per face</strong> is the median time of a prediction for one face on one thread; all models were timed "
    "in the same run."
)


HOW_TEST_WAS_USED_TITLE = "How the test images were used"

HOW_TEST_WAS_USED_HTML = (
    "No epoch, temperature or threshold was fitted to test images. But <code>cnn</code> results from five rounds of "
    "training, and each later round began when the test accuracy of the round before was known. Test accuracy was "
    "measured six times. The best of six results is partly luck: among equally good networks, it exceeds the mean by "
    "about 0.3 points (docs/models.md)."
)


PEOPLE_TITLE = "Where the band of people comes from"

PEOPLE_HTML = (
    "The band shows the accuracy of people, 65 ± 5 % "
    '(<a href="https://arxiv.org/abs/1307.0414">Goodfellow et al. 2013</a>). A model above the band has learnt how '
    "FER2013 was labelled. It does not read faces better than people."
)


WAYS_IN = {
    "dataset": ("Explore the data", "Classes, exact copies, conflicting labels."),
    "compare": ("Compare two models", "Is the difference more than chance? Add your own model, too."),
    "live": ("Try your face", "Live from your webcam. Nothing is stored."),
}
"""URL path -> what to do there, and what for: the three large links."""

OTHER_PAGES = {
    "models": ("Models", "What each model is, its scores and its training curves."),
    "errors": ("Errors", "The faces that one or both of two models get wrong."),
    "photo": ("Photo & video", "Predicted expressions in your own photos, or in a film."),
}
"""URL path -> name of the page, and what it is for: the links below the table."""


NO_POINTS = "The picture of accuracy and size needs a model with both figures. None of the models here has them."


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


def lead_html(images: int, is_fer2013: bool) -> str:
    """Return the introduction as HTML. `images` is the number of images in the data set in use."""
    lead = LEAD_HTML.format(data=(FER2013 if is_fer2013 else OTHER_DATA).format(images=images))
    return lead if is_fer2013 else lead + OTHER_DATA_NOTE.format(images=images)
