"""What is given when a guest is added, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Literal, NamedTuple, Protocol

import pandas as pd

from core.classifiers.base import Classifier
from core.models.card import Card

RowOrder = Literal["imagefolder", "csv-public", "csv-private", "csv-test"]
"""The order of predictions without image ids.

- imagefolder: as Keras' `flow_from_directory` and torchvision's `ImageFolder` read the folder test
- csv-public, csv-private: the rows of fer2013.csv with this usage
- csv-test: the rows of both, as they stand in fer2013.csv
"""

Layout = Literal["nchw", "nhwc"]

LARGEST_MODEL = 500_000_000
"""Largest size of a model's file in bytes."""


@dataclass(frozen=True)
class GuestFile:
    """A file that a user wants to add: a path's or an upload's name and content."""

    name: str
    """The file's own name, without folders. Its ending decides how the content is read."""
    content: bytes

    @property
    def ending(self) -> str:
        """The ending in lower case, such as `.onnx`; empty if there is none."""
        return PurePath(self.name).suffix.lower()


@dataclass(frozen=True)
class GuestOptions:
    """How a file is to be read. None: as the file says, or the default of its kind."""

    order: RowOrder | None = None
    classes: tuple[str, ...] | None = None
    """The seven emotions in the order of the file's outputs or columns."""
    layout: Layout | None = None
    """Order of the axes of a graph's input."""
    channels: Literal[1, 3] | None = None
    """Number of channels of a graph's input; three times the same gray levels for 3."""
    scale: Literal[1, 255] | None = None
    """Number by which gray levels are divided, before `mean` and `std`."""
    mean: tuple[float, ...] = ()
    """Subtracted from the scaled gray levels: one number, one per channel, or none."""
    std: tuple[float, ...] = ()
    """Divides the difference: one number, one per channel, or none."""


@dataclass(frozen=True)
class Proposal:
    """Another way of reading a file, with which its predictions are clearly better. Nothing is taken over silently."""

    order: RowOrder | None
    """The row order to use; None if it stays as it is. The same holds for `classes` and `scale`."""
    classes: tuple[str, ...] | None
    scale: Literal[1, 255] | None
    accuracy: float
    """Accuracy on the test images if the proposal is taken, 0..1."""
    accuracy_now: float
    """Accuracy as the file is read now, 0..1."""


@dataclass(frozen=True)
class GuestModel:
    """A model of others, ready to predict."""

    family: str
    """A key of `CLASSIFIERS`."""
    recipe: dict[str, Any]
    """The fields of the family's config, as JSON values."""
    classifier: Classifier
    """Predicts probabilities in the order of `EMOTIONS`."""
    weights: bytes
    """Content of the family's weights file."""


class ReadModel(Protocol):
    """Read a model. Raises InputError if it cannot be used."""

    def __call__(self, file: GuestFile, options: GuestOptions) -> GuestModel: ...


class ModelReader(NamedTuple):
    """How the models of one file format are checked and read."""

    kind: Literal["onnx", "catboost", "state-dict"]
    check: ReadModel
    """Read the file in a child process with limited memory and time, then in this process. Call it once per file."""
    read: ReadModel
    """Read a file that has been checked, with the same or other options."""
    scales: tuple[Literal[1, 255], ...]
    """Values of `GuestOptions.scale` that are worth trying, the default first; empty if the format leaves no choice."""


@dataclass(frozen=True)
class Guest:
    """A guest that can be kept or used for a visit. `core.models.store.write_guest` writes it."""

    card: Card
    predictions: pd.DataFrame
    """The predictions table, as `core.evaluation.predictions.predictions_table`."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Name -> content of the weights file; empty for predictions."""
    note: str = ""
    """What the user should know about the file, such as that rows were left out; may be empty."""
