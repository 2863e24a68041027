"""The family of trees on hand-made features: words of gradients and patches, their discriminants, then CatBoost.

It uses no neural network. The words (k-means) and the discriminants (Fisher) are fitted on train only.
"""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.classifiers.base import LabelledFaces, Load, Run, load_none
from core.classifiers.configs import as_json
from core.classifiers.trees.features.table import COLUMNS, HandmadeConfig, HandmadeFeatures
from core.classifiers.trees.growing import Trees, grow, trees_from_bytes, trees_to_bytes
from core.exceptions import InputError
from core.files import replace_file
from core.vision.crops import FACE_SIZE, Faces


@dataclass(frozen=True)
class HandmadeTreesConfig:
    """Hyperparameters of the features and the trees."""

    seed: int = 42
    """Random seed of k-means, of the folds, and of CatBoost's permutations and bootstrap."""
    features: HandmadeConfig = field(default_factory=HandmadeConfig)
    """Hyperparameters of the features, which are the input of the trees."""
    iterations: int = 1000
    """Largest number of trees. Each tree serves all seven classes."""
    learning_rate: float = 0.03
    """Weight of each new tree in the sum of all trees."""
    depth: int = 4
    """Levels of each tree."""
    border_count: int = 64
    """Thresholds tried per feature."""
    early_stop: int = 150
    """Number of trees without a better accuracy on val after which the fit stops."""


class HandmadeTrees(Trees):
    """CatBoost on 14 discriminants of hand-made features, fitted on faces and their mirror images."""

    weights_file: ClassVar[str] = "weights.safetensors"

    def __init__(self, config: HandmadeTreesConfig) -> None:
        self.config = config
        self._features: HandmadeFeatures | None = None

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:
        """Fit words and discriminants, then grow the trees; see `Classifier.fit`.

        The table of train is saved in the run's folder, so a resumed run does not compute it again.
        """
        self._features, table = _load_or_fit_features(self.config, train, run.folder)
        labels = np.tile(train.labels, 2)
        self._model, history = grow(self.config, (table, labels), (self.features(val.faces), val.labels), run)
        return history

    def features(self, faces: Faces) -> NDArray[np.float32]:
        """(n, 48, 48) uint8 -> (n, 14) float32: the input of the trees."""
        assert self._features is not None, "fit or load first"
        return self._features.table(faces)

    def parameters(self) -> str:
        """Describe the number and depth of the trees, and their input."""
        c = self.config.features
        words = f"{c.gradient_words} gradient words and {c.patch_words} patch words in {c.parts}x{c.parts} parts"
        return f"{self.tree_summary()} on {COLUMNS} discriminants of {words}"

    def save(self, folder: Path) -> None:
        """Write words, discriminants and trees into one file; the trees are in CatBoost's own format."""
        from safetensors.numpy import save

        assert self._features is not None, "fit or load first"
        arrays: dict[str, NDArray[Any]] = {**self._features.arrays(), "trees": trees_to_bytes(self._model)}
        (folder / self.weights_file).write_bytes(save(arrays))

    @classmethod
    def load(cls, folder: Path, config: HandmadeTreesConfig, load: Load = load_none) -> Self:  # noqa: ARG003
        """Read features and trees; raises InputError if they do not fit the config."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        classifier = cls(config)
        try:
            arrays = load_file(folder / cls.weights_file)
            classifier._model = trees_from_bytes(arrays.pop("trees"))
            classifier._features = HandmadeFeatures.from_arrays(config.features, arrays)
            classifier.predict_proba(np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8))
        except (SafetensorError, KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"the features and trees in {folder.name}/{cls.weights_file} do not fit card.json; restore both files "
                "from the same training run."
            ) from error
        return classifier


def _load_or_fit_features(
    config: HandmadeTreesConfig, train: LabelledFaces, folder: Path
) -> tuple[HandmadeFeatures, NDArray[np.float32]]:
    """Return the features and the table of train. Read them from the run's folder if an earlier run saved them."""
    from safetensors.numpy import load_file, save

    recipe = json.dumps(as_json(config))
    file = folder / f"features-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}.safetensors"
    if file.exists():
        arrays = load_file(file)
        table = arrays.pop("table")
        return HandmadeFeatures.from_arrays(config.features, arrays), table
    features, table = HandmadeFeatures.learn(config.features, train.faces, train.labels, config.seed)
    replace_file(file, save({**features.arrays(), "table": table}))
    return features, table
