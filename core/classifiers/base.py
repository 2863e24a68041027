"""The interface of all classifiers, and the inputs of their `fit` methods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import FitProgress
from core.exceptions import InputError
from core.runtime.distributed import SINGLE_PROCESS, Group
from core.vision.crops import Faces

Probabilities = NDArray[np.float32]
"""(n, 7) float32 in the order of `EMOTIONS`; rows sum to 1."""


@dataclass(frozen=True)
class LabelledFaces:
    """Faces with their class ids."""

    faces: Faces
    """(n, 48, 48) uint8."""
    labels: NDArray[np.int64]
    """(n,) class ids: positions in `EMOTIONS`."""


def labelled_faces(manifest: pd.DataFrame, faces: Faces, split: str) -> LabelledFaces:
    """Return the faces and class ids of one split; raises InputError if it is empty."""
    rows = (manifest["split"] == split).to_numpy()
    if not rows.any():
        raise InputError(f"the imported data set has no images in {split}; import the whole of FER2013.")
    class_ids = manifest["true_label"].cat.codes.to_numpy()[rows].astype(np.int64)
    return LabelledFaces(np.asarray(faces[rows]), class_ids)


class CalibratedClassifier(Protocol):
    """A classifier with a confidence threshold, such as `Calibrated` or `SharedClassifier`."""

    @property
    def uncertain_below(self) -> float: ...

    def predict_proba(self, faces: Faces) -> Probabilities: ...


class SupportsPredictProba(Protocol):
    """A classifier, with or without a temperature."""

    def predict_proba(self, faces: Faces) -> Probabilities: ...


@runtime_checkable
class HasGradients(Protocol):
    """A network whose probabilities can be differentiated with respect to the gray levels of a face."""

    def gradients(self, faces: NDArray[np.float32], class_ids: Sequence[int]) -> NDArray[np.float32]:
        """(n, 48, 48) float32, gray levels 0..255 -> (classes, n, 48, 48) float32: d log p / d gray level.

        p is the probability before temperature scaling.
        """
        ...


@runtime_checkable
class HasEmbedding(Protocol):
    """A network whose embedding, the input of its head, can be used."""

    def embed(self, faces: Faces) -> NDArray[np.float32]:
        """(n, 48, 48) uint8 -> (n, width) float32. n may be 0."""
        ...


def with_embedding(classifier: object, name: str) -> HasEmbedding:
    """Return the classifier of the model with this name; raises InputError if it is not a network."""
    if not isinstance(classifier, HasEmbedding):
        raise InputError(
            f"model {name} has no embedding, because it is not a network of the family cnn; name one that is."
        )
    return classifier


@runtime_checkable
class HasParts(Protocol):
    """Trees whose features are sums over equal parts of a face."""

    @property
    def parts_per_side(self) -> int:
        """Number of parts per side of a face: 4 for 4x4 parts."""
        ...

    def part_features(self, face: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(48, 48) uint8 -> (parts, columns) float32: what each part adds to each feature, row by row of the face.

        The rows sum to the features of the face. A part that looks like the mean of that part over the training faces
        adds 0.
        """
        ...

    def scores(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """(n, columns) float32 -> (n, 7) float64: log p, before temperature scaling, plus a constant of each row."""
        ...


@dataclass(frozen=True)
class TrainedModel:
    """A trained model that another model uses as a teacher, as initial weights or for the embeddings of faces."""

    classifier: Classifier
    """The classifier without its temperature."""
    weights_sha256: str


LoadModel = Callable[[str], TrainedModel]
"""A function that loads a trained model by name; it raises InputError for an unknown name.

Families that need another model call this function, so they need not know how models are stored.
"""


def refuse_to_load(name: str) -> TrainedModel:
    """Raise InputError. This is the default `LoadModel` of a fit, because most classifiers need no other model."""
    raise InputError(f"model {name} is needed, but no function that loads other models was given.")


@dataclass(frozen=True)
class Run:
    """The checkpoint folder, progress callback, processes and model loader of one fit."""

    folder: Path
    """`runs/<name>/`, which exists. The fit saves checkpoints here, and resumes from one that has the same recipe."""
    on_progress: FitProgress
    group: Group = SINGLE_PROCESS
    """The processes that share this fit; more than one only if the family is `data_parallel`."""
    load_model: LoadModel = refuse_to_load


class Classifier(Protocol):
    """A model that returns seven probabilities per face.

    The interface hides normalisation, tensors, devices and features. The probabilities are those before temperature
    scaling, which `Calibrated` applies.
    """

    weights_file: ClassVar[str]
    """Name of the one file that holds the weights, such as `weights.safetensors`."""
    data_parallel: ClassVar[bool]
    """Whether several processes can share a fit."""

    def __init__(self, config: Any) -> None: ...

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:
        """Fit on train, and keep the step that is best on val; return the history, one row per epoch or iteration.

        The history has the columns step, train_loss, train_accuracy, val_loss, val_accuracy, learning_rate and kept.
        `kept` is 1 in the row of the step that was kept, otherwise 0. Values that a family does not measure are NaN.
        """
        ...

    def predict_proba(self, faces: Faces) -> Probabilities:
        """(n, 48, 48) uint8 -> (n, 7) float32; rows sum to 1. n may be 0. Safe to call from several threads."""
        ...

    def parameters(self) -> str:
        """Describe the size of the fitted model, such as `632,471 weights`."""
        ...

    def save(self, folder: Path) -> None:
        """Write `weights_file` into the folder, never as a pickle."""
        ...

    @classmethod
    def load(cls, folder: Path, config: Any, load_model: LoadModel = refuse_to_load) -> Self:
        """Return the classifier saved in `folder`; raises InputError if its weights do not fit the config.

        `load_model` loads the other model that some classifiers need, such as the network of `EmbeddingTrees`.
        """
        ...
