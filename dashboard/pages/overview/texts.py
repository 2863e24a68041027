"""The texts of the Overview page."""

from dashboard.components.explanations import ECE

LEAD = (
    "FERscope shows what two kinds of classifiers, convolutional networks and gradient-boosted trees (CatBoost), "
    "make of the 35,887 faces of FER2013: how often they are right, where they err, and whether a difference between "
    "them is more than chance. Try them on a photo or on your webcam, too."
)


HOW_TO_READ_SCORES = (
    "Accuracy with its 95 % interval (Wilson). *Leak-free* leaves out the test images that have a pixel-identical copy "
    f"in Training. Macro-F1 is the mean of F1 over the seven classes. {ECE} *ms a face* is the time for one face on "
    "one thread of the machine that is named in the model's card. No weights and no recipe were chosen on test images."
)


ACCURACY_CHART = "Accuracy of each model on three slices of the test images, with 95 % intervals."


PAGES = {
    "dataset": "The faces themselves: counts, mean faces, samples, copies, leaks and label conflicts.",
    "models": "Each model's card in words, its scores and its training curves.",
    "compare": "Two models on the same images: confusion matrices, intervals, significance, calibration.",
    "errors": "The faces that one or both of the models get wrong.",
    "photo": "Read the faces in a photo of your own.",
    "live": "Read your webcam, frame by frame; nothing is stored.",
}


NOT_FOR = """
- **Not at work and not in education.** The European Union's AI Act (Art. 5(1)(f)) forbids systems that infer emotions
  of people there, except for medical or safety reasons.
- **Not to judge a person.** A configuration of the face is not a feeling: people scowl when they concentrate and smile
  when they are embarrassed ([Barrett et al. 2019](https://doi.org/10.1177/1529100619832930)). What you see here is a
  *predicted expression*: the label that annotators would probably have chosen.
- **Not as a fair measure across people.** FER2013 says nothing about age, gender or skin colour of the people in its
  pictures, hence bias between groups **is not measured** here. Assume that there is some.
- **Not without telling.** Whoever is exposed to such a system has to be told so (Art. 50(3)).
"""


PEOPLE = (
    "The band is what people reach, 65 ± 5 % ([Goodfellow et al. 2013](https://arxiv.org/abs/1307.0414)). A model "
    "above it has learnt how FER2013 was labelled; it does not read faces better than people."
)
