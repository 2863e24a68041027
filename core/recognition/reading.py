"""The predictions of one or more models for one face."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.emotions import EMOTIONS
from core.vision.faces import Face


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

    def label(self, model: str) -> str:
        """Return the label in `held`, or the emotion with the largest probability if there is none."""
        return self.held.get(model) or EMOTIONS[int(np.argmax(self.probabilities[model]))]

    def confidence(self, model: str) -> float:
        """Return the probability of the label, 0..1."""
        return self.probabilities[model][EMOTIONS.index(self.label(model))]

    def is_certain(self, model: str) -> bool:
        """Whether the confidence reaches the threshold of the model."""
        return self.confidence(model) >= self.thresholds.get(model, 0.0)

    def label_text(self, model: str) -> str:
        """Return label and confidence, such as `happy 84 %` or `uncertain (fear 31 %)`."""
        text = f"{self.label(model)} {100 * self.confidence(model):.0f} %"
        return text if self.is_certain(model) else f"uncertain ({text})"
