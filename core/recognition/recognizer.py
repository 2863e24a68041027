"""Find the faces of an image with a detector and predict their expressions with classifiers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.classifiers.base import CalibratedClassifier
from core.recognition.quality import measure_quality
from core.recognition.reading import Reading
from core.vision.crops import Faces, crop_faces
from core.vision.detectors import make_detector
from core.vision.detectors.base import Detector
from core.vision.detectors.defaults import default_detector
from core.vision.faces import Face
from core.vision.images import Image

DEFAULT_MODELS = ("cnn", "catboost")
"""The models used for photos and the webcam unless the user chooses others."""


@dataclass(frozen=True)
class Recognizer:
    """A detector, and classifiers by model name."""

    detector: Detector
    classifiers: Mapping[str, CalibratedClassifier]
    detector_name: str = ""

    def read(self, image: Image) -> list[Reading]:
        """Return one reading per detected face of an (H, W, 3) uint8 RGB image, the largest face first."""
        return self.read_faces(image, self.detector.detect(image))

    def read_faces(self, image: Image, faces: list[Face]) -> list[Reading]:
        """Return one reading per given face, in the same order; each model runs once, on all crops together."""
        return self.read_crops(faces, self.crop(image, faces))

    def crop(self, image: Image, faces: Sequence[Face]) -> Faces:
        """Crop faces that the detector found, with the detector's margin, to (n, 48, 48) uint8."""
        return crop_faces(image, faces, self.detector.margin)

    def read_crops(
        self,
        faces: Sequence[Face],
        crops: Faces,
        on_model: Callable[[str], object] = lambda name: None,
        margin: float | None = None,
    ) -> list[Reading]:
        """Return one reading per face. `crops`, (n, 48, 48) uint8, are the results of `crop_face` for these faces.

        `on_model` is called with the name of each model, after the model has run. `margin` is the margin of the crops,
        by default the detector's.
        """
        probabilities = {}
        for name, classifier in self.classifiers.items():
            probabilities[name] = classifier.predict_proba(crops)
            on_model(name)
        thresholds = {name: classifier.uncertain_below for name, classifier in self.classifiers.items()}
        qualities = measure_quality(faces, crops, self.detector.margin if margin is None else margin)
        return [
            Reading(
                face,
                {name: tuple(map(float, rows[index])) for name, rows in probabilities.items()},
                thresholds,
                quality=quality,
            )
            for index, (face, quality) in enumerate(zip(faces, qualities, strict=True))
        ]


def load_recognizer(models: Sequence[str] = DEFAULT_MODELS, detector: str | None = None) -> Recognizer:
    """Create a detector, by default the best for photos, and load the models.

    Raises InputError for an unknown name or damaged weights.
    """
    from core.classifiers.loading import load_classifier

    name = detector or default_detector()
    return Recognizer(make_detector(name), {name: load_classifier(name) for name in models}, name)
