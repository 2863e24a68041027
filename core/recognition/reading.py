"""The predictions of one or more models for one face."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.recognition.quality import Quality
from core.vision.faces import Face

LOW_CONFIDENCE = "low confidence"

FACE_COLUMNS = (
    *("left", "top", "right", "bottom", "angle"),
    *("detection_confidence", "side", "brightness", "sharpness"),
)
"""Columns of CSV files about a face. Boxes are in pixels of the image; `right` and `bottom` are one past the last."""

MODEL_COLUMNS = ("predicted_label", "confidence", "certain", "reason", *PROBABILITY_COLUMNS)
"""Columns of CSV files about a model's prediction for a face. `reason` is empty if `certain` is true."""


@dataclass(frozen=True)
class Reading:
    """The probabilities that each model predicts for one face, and the labels and confidences derived from them."""

    face: Face
    probabilities: Mapping[str, tuple[float, ...]]
    """Model name -> seven probabilities in the order of `EMOTIONS`."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Model name -> confidence below which the label is uncertain. A model without an entry is never uncertain.

    In a video, the threshold is a little lower if the label was certain in the last frame with this face.
    """
    number: int = 0
    """Number of the face in a video, counted from 1 in order of appearance; 0 in a photo."""
    held: Mapping[str, str] = field(default_factory=dict)
    """Model name -> label shown in a video. To avoid flicker, it may differ from the most probable label."""
    quality: Quality | None = None
    """How well the face can be seen, or None if it was not measured."""

    def label(self, model: str) -> str:
        """Return the label in `held`, or the emotion with the largest probability if there is none."""
        return self.held.get(model) or EMOTIONS[int(np.argmax(self.probabilities[model]))]

    def confidence(self, model: str) -> float:
        """Return the probability of the label, 0..1."""
        return self.probabilities[model][EMOTIONS.index(self.label(model))]

    def is_certain(self, model: str) -> bool:
        """Whether the face can be seen well enough and the confidence reaches the threshold of the model."""
        return self.reason(model) is None

    def reason(self, model: str) -> str | None:
        """Return why the label is uncertain, such as `too dark` or `low confidence`; None if it is certain."""
        if self.quality is not None and (flaw := self.quality.flaw):
            return flaw
        return None if self.is_confident(model) else LOW_CONFIDENCE

    def is_confident(self, model: str) -> bool:
        """Whether the confidence reaches the threshold of the model."""
        return self.confidence(model) >= self.thresholds.get(model, 0.0)

    def label_text(self, model: str) -> str:
        """Return label and confidence, such as `happy 84 %` or `uncertain (fear 31 %)`."""
        text = f"{self.label(model)} {100 * self.confidence(model):.0f} %"
        return text if self.is_certain(model) else f"uncertain ({text})"

    def face_values(self) -> tuple[object, ...]:
        """Return the values of `FACE_COLUMNS`; None for what is unknown."""
        side, brightness, sharpness = (
            (self.quality.side, round(self.quality.brightness, 1), round(self.quality.sharpness, 3))
            if self.quality
            else (None, None, None)
        )
        angle = None if self.face.angle is None else round(self.face.angle, 1)
        return (*self.face.xyxy, angle, self.face.confidence, side, brightness, sharpness)

    def model_values(self, model: str) -> tuple[object, ...]:
        """Return the values of `MODEL_COLUMNS` for one model."""
        return (
            *(self.label(model), self.confidence(model), self.is_certain(model), self.reason(model)),
            *self.probabilities[model],
        )

    def rows(self, *first: object) -> list[tuple[object, ...]]:
        """Return one row per model: `first`, the values of `FACE_COLUMNS`, the model, those of `MODEL_COLUMNS`."""
        start = (*first, *self.face_values())
        return [(*start, model, *self.model_values(model)) for model in self.probabilities]
