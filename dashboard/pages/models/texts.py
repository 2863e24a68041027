"""The texts of the Models page."""

from dashboard.components.explanations import ECE, PROPER_SCORES

BALANCED = (
    "*Balanced* accuracy is the mean recall of the seven emotions, macro-F1 the mean of their F1 scores: each emotion "
    f"counts the same. {ECE} {PROPER_SCORES}"
)


INTENDED_USE = "Research and teaching about facial-expression recognition: how such models err, and how to find out."


CARD_NOT_FOR = (
    "Decisions about people; anything at work or in education (EU AI Act, Art. 5(1)(f)); reading feelings from faces."
)


CARD_LIMITS = "Needs tightly cropped, roughly frontal gray faces of 48x48 pixels."


FER2013_LIMITS = (
    "FER2013's labels are noisy: ten later raters (FER+) agree with the label on 61.5 % of the test images for which "
    "they have one most frequent answer."
)


RARE_CLASS = "Only {support:,} test images are labelled {emotion}, so its figures are uncertain."


CARD_DEMOGRAPHICS = "Not measured: {data} has no labels of age, gender or skin colour. Assume that there is bias."


DATA = (
    "{data}: {train:,} images to train on, {val:,} to choose on, {test:,} to test on. Exact copies are never on both "
    "sides of train and val."
)


DATA_WITH_VAL = "{data}: {train:,} images of train and {val:,} of val to train on, {test:,} to test on."


DATA_LEAKED = "{leaked:,} test images have an exact copy in Training; the slice *leak-free* leaves them out."


TRAIN_CURVES = (
    "The train curves are of augmented images, measured during the epoch. With mixup (two images blended, and their "
    "labels too) or teachers, the targets are shares of several labels: accuracy counts how often the largest share is "
    "predicted. Do not compare their height with that of the val curves."
)


NO_VAL_CURVES = "No val curves: this model has also learnt val. Its weights are those of the last epoch."
