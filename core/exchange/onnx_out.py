"""A trained model as one file for other programs, checked against the model it was made from.

`faces` (batch, 48, 48) uint8 -> `probabilities` (batch, 7) float32: the division by 255, the mean over the mirror image
and the temperature are in the graph, so the file alone says what `predict_proba` says. The card is in its metadata.
"""

import json
import logging
import warnings
from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from core.classifiers.base import Predicts
from core.classifiers.calibrated import Calibrated, temper
from core.classifiers.cnn.classifier import Cnn
from core.classifiers.loading import load_classifier
from core.exceptions import InputError, unknown_name
from core.models.card import Card
from core.models.store import read_card, read_cards
from core.vision.crops import FACE_SIZE, Faces

TOLERANCE = 1e-4
"""Largest difference of a probability from torch's that is let through."""

BATCHES = (1, 2, 5, 64)
"""Sizes of the batches on which a written file is checked."""

NEEDED = ("onnx", "onnxscript", "onnxruntime")


def export_model(name: str, format_name: str, file: Path) -> float:
    """Write the model to the file; returns the largest difference of a probability from torch's.

    A file that was there before is replaced when the new one has passed the check. Raises InputError for an unknown
    model or format, a family without an export, missing packages, a place that cannot be written, and a file that
    differs by more than `TOLERANCE`.
    """
    if format_name not in FORMATS:
        raise unknown_name("format", format_name, FORMATS)
    card = read_card(name)
    model = load_classifier(name)
    if not isinstance(model.classifier, Cnn):
        raise _no_export(card)
    if file.is_dir():
        raise InputError(f"{file} is a folder; name a file in it, such as {file / name}.{format_name}.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return _write_checked(FORMATS[format_name], model, card, file)
    except OSError as error:
        raise InputError(f"{file} cannot be written ({error.strerror}); make room or name another file.") from error


def _write_checked(
    write: Callable[[Calibrated, Card, Path], float], model: Calibrated, card: Card, file: Path
) -> float:
    """Write beside, then swap in what has passed the check."""
    beside = file.with_name(f".{file.name}.new")
    try:
        difference = write(model, card, beside)
        if not difference <= TOLERANCE:  # nan does not pass
            raise InputError(
                f"the written file differs from {card.name} by up to {difference:.1e} in a probability "
                f"({TOLERANCE:.0e} is let through) and was removed; install the versions of requirements-export.txt."
            )
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    return difference


def write_onnx(model: Calibrated, card: Card, file: Path) -> float:
    """Write a network as one .onnx file; returns its largest difference from `predict_proba`."""
    if missing := [package for package in NEEDED if find_spec(package) is None]:
        raise InputError(
            f"the export needs {', '.join(missing)}, not installed here; `pip install -r requirements-export.txt`."
        )
    program = _onnx_program(model)
    program.model.metadata_props.update(
        {"card": json.dumps(asdict(card)), "classes": json.dumps(card.classes), "input": card.input}
    )
    program.save(file, external_data=False)
    return largest_difference(model, file)


FORMATS: dict[str, Callable[[Calibrated, Card, Path], float]] = {"onnx": write_onnx}
"""Each writes a network to a file and returns the largest difference of what it wrote."""


class Prediction(nn.Module):
    """A network with its temperature as one graph, from gray levels to probabilities."""

    def __init__(self, model: Calibrated) -> None:
        super().__init__()
        assert isinstance(model.classifier, Cnn)
        self.predictor = model.classifier.predictor
        self.temperature = model.temperature

    def forward(self, faces: Tensor) -> Tensor:
        """(b, 48, 48) uint8 -> (b, 7) float32; rows sum to 1."""
        tempered: Tensor = temper(self.predictor(faces), self.temperature)
        return tempered


def _onnx_program(model: Calibrated) -> torch.onnx.ONNXProgram:
    # A batch of one would be taken for a constant.
    example = torch.zeros((2, FACE_SIZE, FACE_SIZE), dtype=torch.uint8)
    registration = logging.getLogger("torch.onnx._internal.exporter._registration")
    level = registration.level
    registration.setLevel(logging.ERROR)  # it warns of torchvision's absence, which nothing here uses
    try:
        with warnings.catch_warnings():
            # torch 2.13 copies a class of its own that it has deprecated.
            warnings.filterwarnings("ignore", r"`isinstance\(treespec, LeafSpec\)`", FutureWarning)
            program = torch.onnx.export(
                Prediction(model).eval(),
                (example,),
                input_names=["faces"],
                output_names=["probabilities"],
                dynamic_shapes={"faces": {0: torch.export.Dim("batch")}},
                dynamo=True,
                verbose=False,
            )
    finally:
        registration.setLevel(level)
    assert program is not None  # it is None only for an export that writes the file itself
    return program


def largest_difference(model: Predicts, file: Path) -> float:
    """Of a probability of the file, run by onnxruntime, from `predict_proba`'s, over batches of random faces."""
    from onnxruntime import InferenceSession

    session = InferenceSession(file, providers=["CPUExecutionProvider"])
    differences = []
    for size in BATCHES:
        faces = random_faces(size)
        (probabilities,) = session.run(["probabilities"], {"faces": faces})
        differences.append(np.abs(probabilities - model.predict_proba(faces)).max())
    return float(np.max(differences))


def random_faces(n: int) -> Faces:
    """(n, 48, 48) uint8: coarse squares of random gray under noise, since noise alone is the same face to a network."""
    generator = np.random.default_rng(n)
    coarse = generator.integers(0, 200, (n, 6, 6)).repeat(8, axis=1).repeat(8, axis=2)
    return (coarse + generator.integers(0, 56, coarse.shape)).astype(np.uint8)


def _no_export(card: Card) -> InputError:
    networks = [name for name, other in read_cards()[0].items() if other.family == "cnn"]
    return InputError(
        f"{card.name} is of the family {card.family}, and only networks are exported (CatBoost's own ONNX covers "
        f"the trees, not the features before them); choose from {', '.join(networks) or '(there is none: train one)'}."
    )
