"""What every family of classifiers does."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.distributed import ALONE, Group
from core.exceptions import InputError
from core.faces import Faces

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
    """The faces and class ids of one split; raises InputError where it is empty."""
    rows = (manifest["split"] == split).to_numpy()
    if not rows.any():
        raise InputError(f"the imported data set has no images in {split}; import the whole of FER2013.")
    codes = manifest["true_label"].cat.codes.to_numpy()[rows].astype(np.int64)
    return LabelledFaces(np.asarray(faces[rows]), codes)


@dataclass(frozen=True)
class Run:
    """Where a fit keeps its checkpoints and whom it tells of its progress."""

    folder: Path
    """Git-ignored `runs/<name>/`, already made; a fit that finds a checkpoint of its recipe here goes on from it."""
    on_progress: Callable[[int, int, dict[str, float]], None]
    """Called as `on_progress(done, total, figures)` after each epoch or iteration."""
    group: Group = ALONE
    """The processes that share this fit; only a family that is `data_parallel` is given more than one."""


class Classifier(Protocol):
    """Seven probabilities for each face. Normalisation, tensors, devices and features stay inside.

    `config_type` is a frozen dataclass, seed included; recipes are instances of it and cards store them.
    """

    config_type: ClassVar[type]
    weights_file: ClassVar[str]
    """The name of the one file that holds the weights, such as `weights.safetensors`."""
    data_parallel: ClassVar[bool]
    """Whether several processes can share a fit."""
    temperature: float
    """Divisor of the logits in `predict_proba`; 1 after a fit, the card's after `load_classifier`."""
    uncertain_below: float
    """Confidence below which a label is called uncertain; 0 after a fit, the card's after `load_classifier`."""

    def __init__(self, config: Any) -> None: ...

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:
        """Learn from train, choose on val; return the history, one row an epoch or iteration.

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
    def load(cls, folder: Path, config: Any) -> Self:
        """Read `weights_file`; raises InputError where the weights do not fit the config."""
        ...
