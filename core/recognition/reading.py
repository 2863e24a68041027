"""What the models say of one face."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.emotions import EMOTIONS
from core.vision.faces import Face


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
