"""Words and numbers that people use for emotions and splits in the names of folders and columns."""

import re

from core.emotions import CSV_EMOTIONS, EMOTIONS
from core.exceptions import InputError, shortened

EMOTION_WORDS: dict[str, str] = {
    "angry": "angry",
    "anger": "angry",
    "disgust": "disgust",
    "disgusted": "disgust",
    "fear": "fear",
    "fearful": "fear",
    "afraid": "fear",
    "scared": "fear",
    "happy": "happy",
    "happiness": "happy",
    "neutral": "neutral",
    "sad": "sad",
    "sadness": "sad",
    "surprise": "surprise",
    "surprised": "surprise",
}
"""Word -> emotion."""

SPLIT_WORDS: dict[str, tuple[str, str | None]] = {
    "train": ("train", "Training"),
    "training": ("train", "Training"),
    "val": ("val", None),
    "valid": ("val", None),
    "validation": ("val", None),
    "dev": ("val", None),
    "test": ("test", None),
    "testing": ("test", None),
    "publictest": ("test", "PublicTest"),
    "privatetest": ("test", "PrivateTest"),
}
"""Word -> split and, if the word tells it, usage."""

NUMBERINGS: dict[str, dict[str, str]] = {
    "fer2013": {str(number): emotion for number, emotion in enumerate(CSV_EMOTIONS)},
    "affectnet": {
        str(number): emotion
        for number, emotion in enumerate(("neutral", "happy", "sad", "surprise", "fear", "disgust", "angry", ""))
    },
    "rafdb": {
        str(number): emotion
        for number, emotion in enumerate(("surprise", "fear", "disgust", "happy", "sad", "angry", "neutral"), start=1)
    },
}
"""Data set -> number of a class -> emotion; empty for a class that is left out.

fer2013 is the order of fer2013.csv. In AffectNet (Mollahosseini et al. 2019), 7 is contempt. RAF-DB (Li et al. 2017)
counts from 1.
"""


def emotion_of(word: str) -> str | None:
    """Return the emotion that a word means, in any case and with any digits and punctuation, or None."""
    return EMOTION_WORDS.get(_letters(word))


def split_of(word: str) -> tuple[str, str | None] | None:
    """Return the split and usage that a word means, or None.

    FER+ calls its folders FER2013Train, FER2013Valid and so on, AffectNet train_set and val_set.
    """
    letters = re.sub(r"(set|data|dataset|images|imgs|faces|folder|split)$", "", _letters(word).removeprefix("fer"))
    return SPLIT_WORDS.get(letters)


def class_number(word: str) -> str | None:
    """Return a word such as `3`, `03` or `3.0` as the number of a class, or None if it is not one."""
    match = re.fullmatch(r"0*([0-9])(\.0*)?", word.strip())
    return match[1] if match else None


def parse_classes(text: str) -> dict[str, str]:
    """Return number -> emotion for a value of --classes: a key of `NUMBERINGS`, or emotions separated by commas.

    In a list, `-` stands for a class that is left out, such as contempt; its emotion is empty. Raises InputError for
    anything else.
    """
    if numbering := NUMBERINGS.get(text.strip().lower()):
        return numbering
    words = [word.strip() for word in text.split(",")]
    emotions = ["" if word == "-" else emotion_of(word) for word in words[:11]]
    classes = {str(number): emotion for number, emotion in enumerate(emotions) if emotion is not None}
    if len(words) > 10 or len(classes) < len(words) or not any(emotions):
        raise InputError(
            f"--classes '{shortened(text)}' is no list of emotions; use {', '.join(NUMBERINGS)}, or the names of "
            f"classes 0, 1, ..., such as {','.join(EMOTIONS)}, with - for a class to leave out."
        )
    return classes


def _letters(word: str) -> str:
    return re.sub(r"[^a-z]+", "", word.lower())
