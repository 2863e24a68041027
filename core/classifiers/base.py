"""What every family of classifiers does, and what is handed to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import FitProgress
from core.exceptions import InputError
from core.runtime.distributed import ALONE, Group
from core.vision.crops import Faces

Probabilities = NDArray[np.float32]
"""(n, 7) float32 in the order of `EMOTIONS`; rows sum to 1."""


@dataclass(frozen=True)
class LabelledFaces:
    """Faces with their class ids."""

    faces: Faces
    """(n, 48, 48) uint8."""
    labels: NDArray[np.int64]
    """(n,) positions in `EMOTIONS`."""


def labelled(manifest: pd.DataFrame, faces: Faces, split: str) -> LabelledFaces:
    """The faces and class ids of one split; raises InputError if it is empty."""
    rows = (manifest["split"] == split).to_numpy()
    if not rows.any():
        raise InputError(f"the imported data set has no images in {split}; import the whole of FER2013.")
    codes = manifest["true_label"].cat.codes.to_numpy()[rows].astype(np.int64)
    return LabelledFaces(np.asarray(faces[rows]), codes)


class Reader(Protocol):
    """What reading faces asks of a classifier: probabilities and a threshold; see `Calibrated`, `SharedClassifier`."""

    @property
    def uncertain_below(self) -> float: ...

    def predict_proba(self, faces: Faces) -> Probabilities: ...


class Predicts(Protocol):
    """What measuring asks of a classifier: probabilities alone, with or without a temperature."""

    def predict_proba(self, faces: Faces) -> Probabilities: ...


@dataclass(frozen=True)
class TrainedModel:
    """A model of models/ on which another one builds: a teacher, first weights, an embedding."""

    classifier: Classifier
    """Without a temperature."""
    weights_sha256: str


Load = Callable[[str], TrainedModel]
"""Model name -> the model, verified; InputError for a name that is not there. Handed to families that need another
model, so that they need not know how models are stored."""


def load_none(name: str) -> TrainedModel:
    """For classifiers that stand on their own: raises InputError."""
    raise InputError(f"model {name} is needed, and no other models were handed in.")


@dataclass(frozen=True)
class Run:
    """Where a fit keeps its checkpoints, whom it tells of its progress, and where it gets other models from."""

    folder: Path
    """Git-ignored `runs/<name>/`, already made; a fit that finds a checkpoint of its recipe here goes on from it."""
    on_progress: FitProgress
    group: Group = ALONE
    """The processes that share this fit; only a family that is `data_parallel` is given more than one."""
    load: Load = load_none


class Classifier(Protocol):
    """Seven probabilities for each face. Normalisation, tensors, devices and features stay inside.

    It knows no temperature: `Calibrated` applies one around any family.
    """

    weights_file: ClassVar[str]
    """The name of the one file that holds the weights, such as `weights.safetensors`."""
    data_parallel: ClassVar[bool]
    """Whether several processes can share a fit."""

    def __init__(self, config: Any) -> None: ...

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:
        """Learn from train, choose on val; return the history, one row per epoch or iteration.

        The history has the columns step, train_loss, train_accuracy, val_loss, val_accuracy, learning_rate, kept
        (1 in the row whose weights were kept); a family may leave a column empty, never invent it.
        """
        ...

    def predict_proba(self, faces: Faces) -> Probabilities:
        """(n, 48, 48) uint8 -> (n, 7) float32; rows sum to 1; n = 0 is legal. Safe to call from several threads."""
        ...

    def parameters(self) -> str:
        """What has been learnt, in words, such as `632,471 weights`."""
        ...

    def save(self, folder: Path) -> None:
        """Write `weights_file` into the folder; never a pickle."""
        ...

    @classmethod
    def load(cls, folder: Path, config: Any, load: Load = load_none) -> Self:
        """Read `weights_file`; raises InputError if the weights do not fit the config."""
        ...
