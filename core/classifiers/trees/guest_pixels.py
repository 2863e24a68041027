"""The family of trees of others: CatBoost models on the gray levels of a face, which were not fitted here."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.classifiers.base import LabelledFaces, LoadModel, Probabilities, Run, refuse_to_load
from core.classifiers.trees.growing import Trees, read_trees
from core.emotions import EMOTIONS
from core.exceptions import InputError
from core.files import ContentError
from core.models.folders import shown_file
from core.vision.crops import FACE_SIZE, Faces


@dataclass(frozen=True)
class GuestTreesConfig:
    """What the trees take, and in which order they predict."""

    scale: Literal[1, 255] = 255
    """Number by which the gray levels 0 to 255 are divided."""
    classes: tuple[str, ...] = EMOTIONS
    """Emotions in the order of the trees' classes."""


class GuestTrees(Trees):
    """CatBoost on the 2,304 gray levels of a face, row by row."""

    weights_file: ClassVar[str] = "weights.cbm"

    def __init__(self, config: GuestTreesConfig) -> None:
        if sorted(config.classes) != sorted(EMOTIONS):
            raise InputError(f"classes must be the seven emotions in the model's order: {', '.join(EMOTIONS)}.")
        self.config = config
        self._content = b""

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:  # noqa: ARG002
        """Raise InputError, because these trees are fitted with other programs."""
        raise InputError("trees of others are not fitted here; train with a recipe of another family.")

    def predict_proba(self, faces: Faces) -> Probabilities:
        """(n, 48, 48) uint8 -> (n, 7) float32; rows sum to 1."""
        probabilities = super().predict_proba(faces)
        columns = [self.config.classes.index(emotion) for emotion in EMOTIONS]
        with np.errstate(invalid="ignore"):  # the sums differ from 1 if each class was fitted against all others
            return np.asarray(probabilities[:, columns] / probabilities.sum(axis=1, keepdims=True), np.float32)

    def features(self, faces: Faces) -> NDArray[np.float32]:
        """(n, 48, 48) uint8 -> (n, 2304) float32."""
        return faces.reshape(len(faces), -1).astype(np.float32) / np.float32(self.config.scale)

    def parameters(self) -> str:
        """Describe the number of the trees."""
        return f"{self._model.tree_count_:,} trees, seven values per leaf"

    def class_names(self) -> list[str]:
        """Return what the model itself calls its classes, in its order."""
        return [str(label) for label in self._model.classes_]

    def save(self, folder: Path) -> None:
        """Write the trees as they were read."""
        (folder / self.weights_file).write_bytes(self._content)

    @classmethod
    def from_bytes(cls, content: bytes, config: GuestTreesConfig) -> Self:
        """Return the trees; raises ContentError unless they have 2,304 numeric features and seven classes."""
        trees = cls(config)
        trees._content = content
        # From a file, because CatBoost reads bytes in memory even if the last one is missing.
        try:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / cls.weights_file
                file.write_bytes(content)
                trees._model = read_trees(lambda model: model.load_model(str(file)))
        except OSError as error:
            raise InputError(f"the trees cannot be read ({error.strerror}); free some disk space.") from error
        found, classes = len(trees._model.feature_names_), len(trees._model.classes_)
        if found != FACE_SIZE**2 or trees._model.get_cat_feature_indices():
            raise ContentError(f"its {found:,} features are not the {FACE_SIZE**2:,} gray levels of a face")
        if classes != len(EMOTIONS):
            raise ContentError(f"it has {classes or 'no'} classes, not seven")
        return trees

    @classmethod
    def load(cls, folder: Path, config: GuestTreesConfig, load_model: LoadModel = refuse_to_load) -> Self:  # noqa: ARG003
        """Read the trees; raises InputError if they do not fit."""
        file = folder / cls.weights_file
        try:
            return cls.from_bytes(file.read_bytes(), config)
        except ContentError as error:
            raise InputError(
                f"the trees in {shown_file(folder.name, file.name)} do not fit: {error}; remove the model and add it "
                "again."
            ) from error
