"""The family of trees on a network's embedding: CatBoost in place of the network's last layer.

A neural network is in it, hence its own name: it shows what trees make of learnt features, not of hand-made ones.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.classifiers.base import LabelledFaces, Load, Run, load_none
from core.classifiers.trees.growing import Trees, deserialised, grow, serialised
from core.exceptions import InputError
from core.vision.crops import Faces


@dataclass(frozen=True)
class EmbeddingTreesConfig:
    """Everything that makes the trees, and whose embedding they see."""

    seed: int = 42
    """Of CatBoost's permutations and bootstrap."""
    network: str = "cnn-student"
    """A model of the family cnn in models/; the trees fit its weights alone."""
    iterations: int = 600
    """Largest number of trees (one tree serves all seven classes)."""
    learning_rate: float = 0.05
    """Weight of each tree."""
    depth: int = 4
    """Levels of a tree."""
    border_count: int = 32
    """Thresholds tried a feature."""
    early_stop: int = 100
    """Trees without a better accuracy on val after which the fit ends."""


class EmbeddingTrees(Trees):
    """CatBoost on what a trained network's last layer sees; mirror images are learnt too."""

    weights_file: ClassVar[str] = "weights.safetensors"

    def __init__(self, config: EmbeddingTreesConfig) -> None:
        self.config = config
        self._network: Any = None
        self._network_sha256 = ""

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:
        """Embed train and its mirror images, then grow the trees; see `Classifier.fit`."""
        self._network, self._network_sha256 = _network(self.config.network, run.load)
        both_sides = np.concatenate([train.faces, train.faces[:, :, ::-1]])
        table, labels = self.features(both_sides), np.tile(train.labels, 2)
        self._model, history = grow(self.config, (table, labels), (self.features(val.faces), val.labels), run)
        return history

    def features(self, faces: Faces) -> NDArray[np.float32]:
        """(n, 48, 48) uint8 -> (n, width) float32: the network's embedding."""
        return np.asarray(self._network.embed(faces), np.float32)

    def parameters(self) -> str:
        """How many trees were kept, and on what."""
        return f"{self.kept_trees()} on the embedding of {self.config.network}"

    def save(self, folder: Path) -> None:
        """Write the trees, and the hash of the network's weights that they fit."""
        from safetensors.numpy import save

        trees = {"trees": serialised(self._model)}
        (folder / self.weights_file).write_bytes(save(trees, {"network_sha256": self._network_sha256}))

    @classmethod
    def load(cls, folder: Path, config: EmbeddingTreesConfig, load: Load = load_none) -> Self:
        """Read the trees and their network; raises InputError where the network is another one by now."""
        from safetensors import SafetensorError, safe_open

        classifier = cls(config)
        try:
            with safe_open(folder / cls.weights_file, "numpy") as file:
                fitted_to = (file.metadata() or {}).get("network_sha256")
                classifier._model = deserialised(file.get_tensor("trees"))
        except (SafetensorError, ValueError) as error:
            raise InputError(f"{folder.name}/{cls.weights_file} holds no trees; restore the file.") from error
        classifier._network, classifier._network_sha256 = _network(config.network, load)
        if fitted_to != classifier._network_sha256:
            raise InputError(
                f"the trees of {folder.name} do not fit the model {config.network}, whose weights have changed since; "
                f"train {folder.name} again."
            )
        return classifier


def _network(name: str, load: Load) -> tuple[Any, str]:
    """A trained network with an `embed`, and the sha256 of its weights; InputError for a model without one."""
    model = load(name)
    if not hasattr(model.classifier, "embed"):
        raise InputError(f"model {name} has no embedding: only networks have; name one of the family cnn.")
    return model.classifier, model.weights_sha256
