"""The family of trees on a network's embedding: CatBoost takes the place of the network's last layers, its head.

This family shows how well trees work on learnt features. Unlike the other families of trees, it needs a neural network.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.classifiers.base import HasEmbedding, LabelledFaces, LoadModel, Run, refuse_to_load, with_embedding
from core.classifiers.configs import Limits
from core.classifiers.trees.growing import TREE_LIMITS, Trees, grow, trees_from_bytes, trees_to_bytes
from core.exceptions import InputError, shortened
from core.files import ContentError
from core.models.folders import shown_file
from core.vision.crops import FACE_SIZE, Faces


@dataclass(frozen=True)
class EmbeddingTreesConfig:
    """Hyperparameters of the trees, and the network whose embedding they use."""

    seed: int = 42
    """Random seed of CatBoost's permutations and bootstrap."""
    network: str = "cnn-student"
    """A model of the family cnn in models/. If its weights change later, the trees can no longer be used."""
    iterations: int = 600
    """Largest number of trees. Each leaf of a tree has seven values, one per class."""
    learning_rate: float = 0.05
    """Factor by which the values of each tree are multiplied."""
    depth: int = 4
    """Number of levels of each tree."""
    border_count: int = 32
    """Largest number of thresholds that are tried per feature."""
    early_stop: int = 100
    """The fit stops after this number of trees without a better accuracy on val."""

    LIMITS: ClassVar[Limits] = TREE_LIMITS


class EmbeddingTrees(Trees):
    """CatBoost on the embedding of a trained network, fitted on faces and their mirror images."""

    weights_file: ClassVar[str] = "weights.safetensors"

    def __init__(self, config: EmbeddingTreesConfig) -> None:
        self.config = config
        self._network: Any = None
        self._network_sha256 = ""

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:
        """Embed the train faces and their mirror images, then fit the trees; see `Classifier.fit`."""
        self._network, self._network_sha256 = _load_network(self.config.network, run.load_model)
        with_mirror_images = np.concatenate([train.faces, train.faces[:, :, ::-1]])
        table, labels = self.features(with_mirror_images), np.tile(train.labels, 2)
        self._model, history = grow(self.config, (table, labels), (self.features(val.faces), val.labels), run)
        return history

    def features(self, faces: Faces) -> NDArray[np.float32]:
        """(n, 48, 48) uint8 -> (n, width) float32: the network's embedding of each face."""
        return np.asarray(self._network.embed(faces), np.float32)

    def parameters(self) -> str:
        """Describe the number and depth of the trees, and their input."""
        return f"{self.tree_summary()} on the embedding of {self.config.network}"

    def save(self, folder: Path) -> None:
        """Write the trees, and the sha256 of the weights of the network on which they were fitted."""
        from safetensors.numpy import save

        trees = {"trees": trees_to_bytes(self._model)}
        (folder / self.weights_file).write_bytes(save(trees, {"network_sha256": self._network_sha256}))

    @classmethod
    def load(cls, folder: Path, config: EmbeddingTreesConfig, load_model: LoadModel = refuse_to_load) -> Self:
        """Read the trees and their network; raises InputError for damaged trees or other weights of the network."""
        from safetensors import SafetensorError, safe_open

        classifier, file_name = cls(config), shown_file(folder.name, cls.weights_file)
        try:
            with safe_open(folder / cls.weights_file, "numpy") as file:
                expected_sha256 = (file.metadata() or {}).get("network_sha256")
                trees = file.get_tensor("trees")
        except (SafetensorError, TypeError) as error:  # TypeError for a type that NumPy lacks
            raise InputError(f"{file_name} contains no trees; restore the file.") from error
        classifier._network, classifier._network_sha256 = _load_network(config.network, load_model)
        name = shortened(folder.name)
        if expected_sha256 != classifier._network_sha256:
            raise InputError(
                f"the trees of {name} do not fit the model {config.network}, whose weights have changed; "
                f"train {name} again."
            )
        black_face = np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8)
        try:
            classifier._model = trees_from_bytes(trees, classifier.features(black_face).shape[1])
        except ContentError as error:
            raise InputError(f"the trees in {file_name} do not fit: {error}; restore the file.") from error
        return classifier


def _load_network(name: str, load_model: LoadModel) -> tuple[HasEmbedding, str]:
    """Return a trained network and the sha256 of its weights; raises InputError if the model is not a network."""
    model = load_model(name)
    return with_embedding(model.classifier, name), model.weights_sha256
