"""The notes of a model card (Mitchell et al. 2019), for the dashboard and for cards that leave FERscope.

All notes are plain sentences with foreign text in them, so escape them where they are shown.
"""

from collections.abc import Iterable

import pandas as pd

from core.models.card import Card
from core.training.descriptions import describe_training

INTENDED_USE = (
    "Research and teaching about facial-expression recognition: which errors such models make, and how to find them."
)

NOT_FOR = (
    "Decisions about people; any use at work or in education (EU AI Act, Art. 5(1)(f)); reading feelings from faces."
)

INPUT_LIMIT = "The model needs tightly cropped, roughly frontal gray faces of 48x48 pixels."

FER2013_LABELS = (
    "FER2013's labels are noisy.",
    "For FER+, ten raters per image labelled the images again. Of the test images on which they have a single most "
    "frequent answer, 61.5 % have the same label in FER2013.",
)

RARE_CLASS = "Only {support:,} test images are labelled {emotion}, so the scores for {emotion} are uncertain."

DEMOGRAPHICS = "Not measured: {data} has no labels of age, gender or skin colour. Assume that there is bias."

DATA = (
    "{data}: {train:,} images for training (train), {val:,} for choosing settings and weights (val), {test:,} for "
    "testing."
)

DATA_WITH_VAL = "{data}: {train:,} images of train and {val:,} of val for training, {test:,} for testing."

COPIES = "Exact copies of an image are never divided between train and val."

LEAKED = "{leaked:,} test images have an exact copy in Training; the slice “Leak-free” leaves them out."

Notes = dict[str, list[str]]
"""Title of a note -> its sentences."""


def notes(card: Card, history: pd.DataFrame, is_fer2013: bool, further_limits: Iterable[str] = ()) -> Notes:
    """Return the notes of a card. Those of a guest say nothing about its data and training, which are unknown.

    `history` is the result of `store.read_history`, empty if it is not known. `is_fer2013` tells whether the model was
    trained on FER2013. `further_limits` are sentences about limits that are not known from the card; empty ones are
    left out.
    """
    training = {"Data": data_notes(card, is_fer2013), "Training": [describe_training(card, history)]}
    return {
        "Intended use": [INTENDED_USE],
        "Not for": [NOT_FOR],
        **({} if card.is_guest else training),
        "Limits": [*limit_notes(card, is_fer2013), *filter(None, further_limits)],
        "Demographics": [DEMOGRAPHICS.format(data=data_name(card, is_fer2013))],
    }


def data_name(card: Card, is_fer2013: bool) -> str:
    """Return the name of the data set at the start of a sentence."""
    return "FER2013" if is_fer2013 else f"The data set {card.data_fingerprint}"


def data_notes(card: Card, is_fer2013: bool) -> list[str]:
    """Return how many images each split has, and how many test images have an exact copy in Training."""
    sizes = {split: card.split_sizes.get(split, 0) for split in ("train", "val", "test")}
    text = (DATA_WITH_VAL if card.was_trained_on_val else DATA).format(data=data_name(card, is_fer2013), **sizes)
    leaked = card.score("test").n - card.score("leak_free").n
    return [text, *([] if card.was_trained_on_val else [COPIES]), *([LEAKED.format(leaked=leaked)] * (leaked > 0))]


def limit_notes(card: Card, is_fer2013: bool) -> list[str]:
    """Return the limits that are known from a card: the required input, noisy labels and the rarest emotion."""
    per_class = card.score("test").per_class
    rarest = min(per_class, key=lambda emotion: per_class[emotion].support, default=None)
    rare = [RARE_CLASS.format(emotion=rarest, support=per_class[rarest].support)] if rarest else []
    return [*([INPUT_LIMIT] if card.can_predict else []), *(FER2013_LABELS if is_fer2013 else ()), *rare]
