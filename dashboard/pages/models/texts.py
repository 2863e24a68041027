"""The texts of the Models page."""

from dashboard.components.explanations import ECE, PROPER_SCORES

BALANCED = (
    "*Balanced* accuracy is the mean recall of the seven emotions, and macro-F1 is the mean of their F1 scores. "
    f"In both, each emotion counts the same. {ECE} {PROPER_SCORES}"
)


INTENDED_USE = (
    "Research and teaching about facial-expression recognition: which errors such models make, and how to find them."
)


CARD_NOT_FOR = (
    "Decisions about people; any use at work or in education (EU AI Act, Art. 5(1)(f)); reading feelings from faces."
)


CARD_LIMITS = "The model needs tightly cropped, roughly frontal gray faces of 48x48 pixels."


FER2013_LIMITS = (
    "FER2013's labels are noisy. For FER+, ten raters per image labelled the images again. Of the test images on which "
    "they have a single most frequent answer, 61.5 % have the same label in FER2013."
)


RARE_CLASS = "Only {support:,} test images are labelled {emotion}, so the scores for {emotion} are uncertain."


CARD_DEMOGRAPHICS = "Not measured: {data} has no labels of age, gender or skin colour. Assume that there is bias."


DATA = (
    "{data}: {train:,} images for training (train), {val:,} for choosing settings and weights (val), {test:,} for "
    "testing. Exact copies of an image are never divided between train and val."
)


DATA_WITH_VAL = "{data}: {train:,} images of train and {val:,} of val for training, {test:,} for testing."


DATA_LEAKED = "{leaked:,} test images have an exact copy in Training; the slice *leak-free* leaves them out."


TRAIN_CURVES = (
    "The train curves are measured on augmented images, during the epoch. With mixup (pairs of images and their labels "
    "are blended) or teachers, a target has shares of several labels, and accuracy counts how often the label with the "
    "largest share is predicted. Do not compare the height of the train curves with that of the val curves."
)


NO_VAL_CURVES = (
    "There are no val curves, because this model was also trained on val. For the same reason, no epoch was selected: "
    "training ran to the last one."
)
