"""The family of trees on hand-made features: CatBoost without a neural network.

A face is described by histograms of visual words (k-means clusters of gradients and of patches). Fisher's discriminants
reduce the histograms to 14 features, the input of CatBoost. Clusters and discriminants are fitted on train only.
"""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.classifiers.base import LabelledFaces, LoadModel, Run, refuse_to_load
from core.classifiers.configs import Limits, as_json
from core.classifiers.trees.features.table import COLUMNS, LIMITS, HandmadeConfig, HandmadeFeatures, check_arrays
from core.classifiers.trees.growing import TREE_LIMITS, Trees, grow, trees_from_bytes, trees_to_bytes
from core.exceptions import InputError, shortened
from core.files import ContentError, replace_file
from core.models.folders import shown_file
from core.models.weights import WEIGHTS_REMEDY
from core.vision.crops import FACE_SIZE, Faces

MOST_COLUMNS = 32_000
"""Largest number of columns of the histograms. Their discriminants need a square matrix with as many rows."""


@dataclass(frozen=True)
class HandmadeTreesConfig:
    """Hyperparameters of the features and the trees."""

    seed: int = 42
    """Random seed of k-means, of the cross-fitting folds, and of CatBoost's permutations and bootstrap."""
    features: HandmadeConfig = field(default_factory=HandmadeConfig)
    """Hyperparameters of the features on which the trees are fitted."""
    iterations: int = 1000
    """Largest number of trees. Each leaf of a tree has seven values, one per class."""
    learning_rate: float = 0.03
    """Factor by which the values of each tree are multiplied."""
    depth: int = 4
    """Number of levels of each tree."""
    border_count: int = 64
    """Largest number of thresholds that are tried per feature."""
    early_stop: int = 150
    """The fit stops after this number of trees without a better accuracy on val."""

    LIMITS: ClassVar[Limits] = {
        **TREE_LIMITS,
        **{f"features.{name}": limits for name, limits in LIMITS.items()},
        "features.threshold": (-1, 0.99),  # a cosine
        "features.shrinkage": (1e-6, 1e6),
    }


class HandmadeTrees(Trees):
    """CatBoost on the 14 hand-made features, fitted on faces and their mirror images."""

    weights_file: ClassVar[str] = "weights.safetensors"

    def __init__(self, config: HandmadeTreesConfig) -> None:
        self.config = config
        self._features: HandmadeFeatures | None = None

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:
        """Fit visual words and discriminants, then the trees; see `Classifier.fit`.

        The fitted features are saved in the run's folder, so a resumed run does not compute them again. Raises
        InputError if the histograms of the visual words are too wide.
        """
        _check_width(self.config.features)
        self._features, table = _load_or_fit_features(self.config, train, run.folder)
        labels = np.tile(train.labels, 2)
        self._model, history = grow(self.config, (table, labels), (self.features(val.faces), val.labels), run)
        return history

    def features(self, faces: Faces) -> NDArray[np.float32]:
        """(n, 48, 48) uint8 -> (n, 14) float32: the input of the trees."""
        assert self._features is not None, "fit or load first"
        return self._features.table(faces)

    @property
    def parts_per_side(self) -> int:
        """Number of parts per side of a face; each part has its own histograms."""
        return self.config.features.parts

    def part_features(self, face: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(48, 48) uint8 -> (parts, 14) float32: what each part adds to each feature; the rows sum to `features`."""
        assert self._features is not None, "fit or load first"
        return self._features.part_table(face)

    def scores(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """(n, 14) float32 -> (n, 7) float64: log p plus a constant of each row."""
        return np.asarray(self._model.predict(features, prediction_type="RawFormulaVal", thread_count=1), np.float64)

    def parameters(self) -> str:
        """Describe the number and depth of the trees, and their input."""
        config = self.config.features
        words = f"{config.gradient_words} gradient words and {config.patch_words} patch words"
        parts = f"{config.parts}x{config.parts} parts"
        return f"{self.tree_summary()} on {COLUMNS} discriminants of {words}, counted in {parts} of a face"

    def save(self, folder: Path) -> None:
        """Write visual words, discriminants and trees into one file; the trees are in CatBoost's own format."""
        from safetensors.numpy import save

        assert self._features is not None, "fit or load first"
        arrays: dict[str, NDArray[Any]] = {**self._features.arrays(), "trees": trees_to_bytes(self._model)}
        (folder / self.weights_file).write_bytes(save(arrays))

    @classmethod
    def load(cls, folder: Path, config: HandmadeTreesConfig, load_model: LoadModel = refuse_to_load) -> Self:  # noqa: ARG003
        """Read features and trees; raises InputError if they do not match the config."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        classifier = cls(config)
        try:
            arrays = load_file(folder / cls.weights_file)
            trees = arrays.pop("trees", np.empty(0, np.uint8))
            check_arrays(config.features, arrays)
            classifier._model = trees_from_bytes(trees, COLUMNS)
            classifier._features = HandmadeFeatures.from_arrays(config.features, arrays)
            classifier.predict_proba(np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8))
        # NumPy raises ValueError for shapes that do not fit, KeyError and TypeError for types that it lacks
        except (SafetensorError, KeyError, TypeError, ValueError) as error:
            reason = f" ({shortened(error, 100)})" if isinstance(error, ContentError) else ""
            raise InputError(
                f"the features and trees in {shown_file(folder.name, cls.weights_file)} do not fit card.json{reason}; "
                f"{WEIGHTS_REMEDY}."
            ) from error
        return classifier


def _check_width(config: HandmadeConfig) -> None:
    """Raise InputError if the histograms have too many columns."""
    width = (config.gradient_words + config.patch_words) * config.parts**2
    if width > MOST_COLUMNS:
        raise InputError(
            f"the histograms would have {width:,} columns, but {MOST_COLUMNS:,} already take gigabytes; lower parts, "
            "gradient_words or patch_words of features."
        )


def _load_or_fit_features(
    config: HandmadeTreesConfig, train: LabelledFaces, folder: Path
) -> tuple[HandmadeFeatures, NDArray[np.float32]]:
    """Return the fitted features and their table for train; read both from the run's folder if it contains them."""
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
