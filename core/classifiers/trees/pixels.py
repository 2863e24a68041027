"""The family of trees on pixels: CatBoost's oblivious trees (Prokhorenkova et al. 2018) on gray levels."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.classifiers.base import LabelledFaces, LoadModel, Run, refuse_to_load
from core.classifiers.configs import Limits
from core.classifiers.trees.growing import TREE_LIMITS, Trees, grow, load_trees
from core.exceptions import InputError
from core.files import ContentError
from core.models.folders import shown_file
from core.vision.crops import FACE_SIZE, Faces


@dataclass(frozen=True)
class CatBoostConfig:
    """Hyperparameters of the trees. The defaults are those of the notebook project."""

    seed: int = 42
    """Random seed of CatBoost's permutations and bootstrap."""
    iterations: int = 300
    """Largest number of trees. Each leaf of a tree has seven values, one per class."""
    learning_rate: float = 0.1
    """Factor by which the values of each tree are multiplied."""
    depth: int = 5
    """Number of levels of each tree."""
    border_count: int = 254
    """Largest number of thresholds that are tried per feature."""
    early_stop: int = 50
    """The fit stops after this number of trees without a better accuracy on val."""

    LIMITS: ClassVar[Limits] = TREE_LIMITS


class CatBoost(Trees):
    """CatBoost on the 2,304 gray levels of a face, divided by 255."""

    weights_file: ClassVar[str] = "weights.cbm"

    def __init__(self, config: CatBoostConfig) -> None:
        self.config = config

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:
        """Fit trees, then drop those after the iteration with the best accuracy on val; see `Classifier.fit`."""
        table, val_table = self.features(train.faces), self.features(val.faces)
        self._model, history = grow(self.config, (table, train.labels), (val_table, val.labels), run)
        return history

    def features(self, faces: Faces) -> NDArray[np.float32]:
        """(n, 48, 48) uint8 -> (n, 2304) float32 in 0..1. CatBoost reads float32 fastest."""
        return faces.reshape(len(faces), -1).astype(np.float32) / np.float32(255)

    def parameters(self) -> str:
        """Describe the number and depth of the trees."""
        return f"{self.tree_summary()}, seven values per leaf"

    def save(self, folder: Path) -> None:
        """Write the trees in CatBoost's own format."""
        self._model.save_model(str(folder / self.weights_file))

    @classmethod
    def load(cls, folder: Path, config: CatBoostConfig, load_model: LoadModel = refuse_to_load) -> Self:  # noqa: ARG003
        """Read the trees; raises InputError unless they have 2,304 features and seven classes."""
        classifier, file = cls(config), folder / cls.weights_file
        try:
            classifier._model = load_trees(lambda model: model.load_model(str(file)), FACE_SIZE**2)
        except ContentError as error:
            raise InputError(
                f"the trees in {shown_file(folder.name, file.name)} do not fit: {error}; restore the file."
            ) from error
        return classifier
