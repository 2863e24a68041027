"""Stand-ins for detectors and classifiers; they satisfy the protocols without inheritance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from core.classifiers.base import LabelledFaces, Probabilities, Run
from core.emotions import EMOTIONS
from core.faces import Face, Faces
from core.images import Image


class FakeDetector:
    """Finds the given boxes in every image, as they are given."""

    def __init__(self, *boxes_xyxy: tuple[int, int, int, int]) -> None:
        self.faces = [Face(box) for box in boxes_xyxy]

    def detect(self, image: Image) -> list[Face]:
        return list(self.faces)


@dataclass(frozen=True)
class FakeConfig:
    seed: int = 42


class FakeClassifier:
    """Says `answer` for every face: an emotion's name (probability 1), seven probabilities, or a function of a face."""

    config_type: ClassVar[type] = FakeConfig
    weights_file: ClassVar[str] = "weights.fake"
    temperature = 1.0
    uncertain_below = 0.0

    def __init__(
        self,
        config: FakeConfig | None = None,
        answer: str | Sequence[float] | Callable[[np.ndarray], Sequence[float]] = "neutral",
    ) -> None:
        self.config = config or FakeConfig()
        self.answer = answer
        self.calls: list[tuple[int, ...]] = []
        """Shapes of the batches it was asked about."""

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:
        columns = ["step", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "learning_rate", "kept"]
        return pd.DataFrame([[1, 0.0, 1.0, 0.0, 1.0, 0.1, 1]], columns=columns)

    def predict_proba(self, faces: Faces) -> Probabilities:
        self.calls.append(faces.shape)
        rows = [self._row(face) for face in faces]
        return np.array(rows, np.float32).reshape(len(faces), len(EMOTIONS))

    def _row(self, face: np.ndarray) -> Sequence[float]:
        if isinstance(self.answer, str):
            return one_hot(self.answer)
        return self.answer(face) if callable(self.answer) else self.answer

    def save(self, folder: Path) -> None:
        (folder / self.weights_file).write_text("fake")

    @classmethod
    def load(cls, _folder: Path, config: FakeConfig) -> Self:
        return cls(config)


def one_hot(emotion: str) -> list[float]:
    """Probability 1 for the emotion."""
    return [float(name == emotion) for name in EMOTIONS]


def bright_is_happy(face: np.ndarray) -> list[float]:
    """Happy for crops brighter than mid-gray, else sad: an answer that depends on the crop."""
    return one_hot("happy" if face.mean() > 127 else "sad")
