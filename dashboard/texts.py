"""The longer texts of the pages."""

LEAD = (
    "FERscope shows what two kinds of classifiers, convolutional networks and gradient-boosted trees (CatBoost), "
    "make of the 35,887 faces of FER2013: how often they are right, where they err, and whether a difference between "
    "them is more than chance. Try them on a photo or on your webcam, too."
)

ECE = "ECE, the expected calibration error, is the mean gap between confidence and accuracy: 0 is best."

HOW_TO_READ_SCORES = (
    "Accuracy with its 95 % interval (Wilson). *Leak-free* leaves out the test images that have a pixel-identical copy "
    f"in Training. Macro-F1 is the mean of F1 over the seven classes. {ECE} *ms a face* is the time for one face on "
    "one thread of the machine that is named in the model's card. No weights and no recipe were chosen on test images."
)

PROPER_SCORES = (
    "NLL (negative log-likelihood) and the Brier score judge all seven probabilities of an answer, not only its label: "
    "smaller is better."
)

BALANCED = f"*Balanced* is the mean recall of the seven classes, macro-F1 the mean of their F1. {ECE} {PROPER_SCORES}"

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

INTENDED_USE = "Research and teaching about facial-expression recognition: to see how such models err, and how to tell."

CARD_NOT_FOR = (
    "Decisions about people; anything at work or in education (EU AI Act, Art. 5(1)(f)); reading feelings from faces."
)

CARD_LIMITS = (
    "Faces cut out tightly, roughly frontal, 48x48 pixels, gray. FER2013's labels are noisy: ten later raters agreed "
    "with them on 61 % of the test images (FER+). Disgust has 111 test images only, so its figures are uncertain."
)

CARD_DEMOGRAPHICS = "Not measured: FER2013 has no labels of age, gender or skin colour. Assume that there is bias."

DATA = (
    "FER2013 ({train:,} images to learn from, {val:,} to choose on, {test:,} to test). Copies of a picture are never "
    "split between train and val."
)

DATA_LEAKED = "{leaked:,} test images have a copy in Training; the slice *leak-free* leaves them out."

TRAIN_CURVES = (
    "The train curves are of augmented images while the weights still move. With mixup or teachers they count how "
    "often the answer is the largest share of a mixed target, and the loss is against that target: do not compare "
    "their height with val's."
)

PEOPLE = (
    "The band is what people reach, 65 ± 5 % ([Goodfellow et al. 2013](https://arxiv.org/abs/1307.0414)). A model "
    "above it has learnt how FER2013 was labelled; it does not read faces better than people."
)

DATA_WITH_VAL = "FER2013 ({train:,} and {val:,} images to learn from: val too, after every choice; {test:,} to test)."

DETECTOR_HELP = (
    "Haar cascades find upright faces seen from the front. `haar` finds those from about 5 % of the picture's longer "
    "side, `haar-fast` from 10 %, `haar-fine` from 2.5 %: for groups, at the price of more false finds. `haar-multi` "
    "lets three cascades vote and finds turned heads and faces at the border too, from 7 %, in several times the time; "
    "`haar-multi-fast`, made for webcams, does so from 10 %. `yunet` is here where its file is (docs/detection.md)."
)
