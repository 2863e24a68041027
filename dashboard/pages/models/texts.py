"""The texts of the Models page."""

from dashboard.components.explanations import ECE, PROPER_SCORES

BALANCED = f"*Balanced* is the mean recall of the seven classes, macro-F1 the mean of their F1. {ECE} {PROPER_SCORES}"


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


DATA_WITH_VAL = "FER2013 ({train:,} and {val:,} images to learn from: val too, after every choice; {test:,} to test)."
