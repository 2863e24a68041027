"""Detector and classifiers on one image: what the photo page, the webcam and `core predict` share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from core.classifiers.base import Probabilities
from core.detectors import make_detector
from core.detectors.base import Detector
from core.emotions import EMOTIONS
from core.faces import Face, Faces, crop_faces, whole_image
from core.images import Image

DEFAULT_MODELS = ("cnn", "catboost")
"""The pair that reads a photo or the webcam where none is chosen."""

DEFAULT_DETECTOR = "haar"
"""For photos: faces from a twentieth of the longer side."""

WEBCAM_DETECTOR = "haar-multi-fast"
"""For video: faces in front of the camera, turned ones too, in real time."""


@dataclass(frozen=True)
class Reading:
    """What each model says of one face."""

    face: Face
    probabilities: Mapping[str, tuple[float, ...]]
    """Model name -> seven probabilities in the order of `EMOTIONS`."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Model name -> the confidence below which its label is uncertain; models that are not here never are. In a video
    a little lower for a label that was certain in the frame before."""
    number: int = 0
    """Which face of a video this is, counted from 1 in the order of their coming; 0 on a photo."""
    held: Mapping[str, str] = field(default_factory=dict)
    """Model name -> the label that a video holds on to, although another may be a little more probable by now."""

    def label(self, model: str) -> str:
        """The emotion with the largest probability, or the one that is held."""
        return self.held.get(model) or EMOTIONS[int(np.argmax(self.probabilities[model]))]

    def confidence(self, model: str) -> float:
        """The label's probability, 0..1."""
        return self.probabilities[model][EMOTIONS.index(self.label(model))]

    def is_certain(self, model: str) -> bool:
        """Whether the confidence reaches the model's own threshold."""
        return self.confidence(model) >= self.thresholds.get(model, 0.0)

    def in_words(self, model: str) -> str:
        """Label and confidence, such as `happy 84%` or `uncertain (fear 31%)`."""
        said = f"{self.label(model)} {self.confidence(model):.0%}"
        return said if self.is_certain(model) else f"uncertain ({said})"


class Reader(Protocol):
    """What reading asks of a classifier: less than `Classifier`, so that something may stand between."""

    @property
    def uncertain_below(self) -> float: ...

    def predict_proba(self, faces: Faces) -> Probabilities: ...


@dataclass(frozen=True)
class Recognizer:
    """A detector, and classifiers by model name."""

    detector: Detector
    classifiers: Mapping[str, Reader]

    def read(self, image: Image) -> list[Reading]:
        """(H, W, 3) uint8 RGB -> one reading a face, largest face first; empty where no face is found."""
        return self.read_faces(image, self.detector.detect(image))

    def read_whole(self, image: Image) -> Reading:
        """Read the whole image as one face, for pictures that are already a cut-out face."""
        return self.read_faces(image, [whole_image(image)])[0]

    def read_faces(self, image: Image, faces: list[Face]) -> list[Reading]:
        """One reading for each given face, in the given order; each model runs once, on all crops together."""
        return self.read_crops(faces, crop_faces(image, faces))

    def read_crops(self, faces: Sequence[Face], crops: Faces) -> list[Reading]:
        """The same for faces whose crops, (n, 48, 48) uint8, have been made: `crop_faces`."""
        tables = {name: classifier.predict_proba(crops) for name, classifier in self.classifiers.items()}
        thresholds = {name: classifier.uncertain_below for name, classifier in self.classifiers.items()}
        return [
            Reading(face, {name: tuple(map(float, table[row])) for name, table in tables.items()}, thresholds)
            for row, face in enumerate(faces)
        ]


def load_recognizer(models: Sequence[str] = DEFAULT_MODELS, detector: str = DEFAULT_DETECTOR) -> Recognizer:
    """A recognizer of its own detector and the named models; InputError for a wrong name or damaged weights."""
    from core.artifacts import load_classifier

    return Recognizer(make_detector(detector), {name: load_classifier(name) for name in models})
