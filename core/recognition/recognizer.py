"""Detector and classifiers on one image: what the photo page, the webcam and `core predict` share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.classifiers.base import Reader
from core.recognition.reading import Reading
from core.vision.crops import Faces, crop_faces
from core.vision.detectors import make_detector
from core.vision.detectors.base import Detector
from core.vision.detectors.defaults import DEFAULT_DETECTOR
from core.vision.faces import Face
from core.vision.images import Image

DEFAULT_MODELS = ("cnn", "catboost")
"""The pair that reads a photo or the webcam where none is chosen."""


@dataclass(frozen=True)
class Recognizer:
    """A detector, and classifiers by model name."""

    detector: Detector
    classifiers: Mapping[str, Reader]

    def read(self, image: Image) -> list[Reading]:
        """(H, W, 3) uint8 RGB -> one reading a face, largest face first; empty where no face is found."""
        return self.read_faces(image, self.detector.detect(image))

    def read_faces(self, image: Image, faces: list[Face]) -> list[Reading]:
        """One reading for each given face, in the given order; each model runs once, on all crops together."""
        return self.read_crops(faces, crop_faces(image, faces))

    def read_crops(
        self, faces: Sequence[Face], crops: Faces, on_model: Callable[[str], object] = lambda name: None
    ) -> list[Reading]:
        """The same for faces whose crops, (n, 48, 48) uint8, have been made by `crop_faces`.

        `on_model` is told the name of each model that has just run.
        """
        tables = {}
        for name, classifier in self.classifiers.items():
            tables[name] = classifier.predict_proba(crops)
            on_model(name)
        thresholds = {name: classifier.uncertain_below for name, classifier in self.classifiers.items()}
        return [
            Reading(face, {name: tuple(map(float, table[row])) for name, table in tables.items()}, thresholds)
            for row, face in enumerate(faces)
        ]


def load_recognizer(models: Sequence[str] = DEFAULT_MODELS, detector: str = DEFAULT_DETECTOR) -> Recognizer:
    """A recognizer of its own detector and the named models; InputError for a wrong name or damaged weights."""
    from core.classifiers.loading import load_classifier

    return Recognizer(make_detector(detector), {name: load_classifier(name) for name in models})
