"""Find the faces of an image with a detector and predict their expressions with classifiers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.classifiers.base import CalibratedClassifier
from core.recognition.reading import Reading
from core.vision.crops import Faces, crop_faces
from core.vision.detectors import make_detector
from core.vision.detectors.base import Detector
from core.vision.detectors.defaults import DEFAULT_DETECTOR
from core.vision.faces import Face
from core.vision.images import Image

DEFAULT_MODELS = ("cnn", "catboost")
"""The models used for photos and the webcam unless the user chooses others."""


@dataclass(frozen=True)
class Recognizer:
    """A detector, and classifiers by model name."""

    detector: Detector
    classifiers: Mapping[str, CalibratedClassifier]

    def read(self, image: Image) -> list[Reading]:
        """Return one reading per detected face of an (H, W, 3) uint8 RGB image, the largest face first."""
        return self.read_faces(image, self.detector.detect(image))

    def read_faces(self, image: Image, faces: list[Face]) -> list[Reading]:
        """Return one reading per given face, in the same order; each model runs once, on all crops together."""
        return self.read_crops(faces, crop_faces(image, faces))

    def read_crops(
        self, faces: Sequence[Face], crops: Faces, on_model: Callable[[str], object] = lambda name: None
    ) -> list[Reading]:
        """Return one reading per face. `crops`, (n, 48, 48) uint8, are the results of `crop_faces` for these faces.

        `on_model` is called with the name of each model, after the model has run.
        """
        probabilities = {}
        for name, classifier in self.classifiers.items():
            probabilities[name] = classifier.predict_proba(crops)
            on_model(name)
        thresholds = {name: classifier.uncertain_below for name, classifier in self.classifiers.items()}
        return [
            Reading(face, {name: tuple(map(float, rows[index])) for name, rows in probabilities.items()}, thresholds)
            for index, face in enumerate(faces)
        ]


def load_recognizer(models: Sequence[str] = DEFAULT_MODELS, detector: str = DEFAULT_DETECTOR) -> Recognizer:
    """Create a detector and load the models. Raises InputError for an unknown name or damaged weights."""
    from core.classifiers.loading import load_classifier

    return Recognizer(make_detector(detector), {name: load_classifier(name) for name in models})
