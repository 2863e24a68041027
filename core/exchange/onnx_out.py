"""Export a trained model as one ONNX file and check the file against the model.

The graph takes `faces` (batch, 48, 48) uint8 and returns `probabilities` (batch, 7) float32. It does the same as
`predict_proba`: the division by 255, the mean of the predictions for a face and its mirror image (if the model uses it)
and the temperature. The metadata contains the model's card.
"""

import logging
import warnings
from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from core.classifiers.base import SupportsPredictProba
from core.classifiers.calibrated import Calibrated, scale_probabilities
from core.classifiers.cnn.classifier import Cnn
from core.classifiers.loading import load_classifier
from core.exceptions import InputError, shortened, unknown_name
from core.files import json_line
from core.models.card import Card
from core.models.store import read_card, read_cards
from core.vision.crops import FACE_SIZE, Faces

TOLERANCE = 1e-4
"""Largest allowed difference between the file's and torch's probabilities."""

BATCH_SIZES = (1, 2, 5, 64)
"""Sizes of the batches with which a written file is checked."""

REQUIRED_PACKAGES = ("onnx", "onnxscript", "onnxruntime")


def export_model(name: str, format_name: str, file: Path) -> float:
    """Export a model to a file; return the largest difference between the file's and torch's probabilities.

    An existing file is replaced only after the new one has passed the check. Raises InputError for an unknown model or
    format, a guest, a family that cannot be exported, missing packages, a path that cannot be written, and
    probabilities that differ by more than `TOLERANCE`.
    """
    if format_name not in FORMATS:
        raise unknown_name("format", format_name, FORMATS)
    card = read_card(name)
    if card.is_guest:
        raise InputError(f"{shortened(name)} was made by others; export it with the program that made it.")
    model = load_classifier(name)
    if not isinstance(model.classifier, Cnn):
        raise _not_exportable_error(card)
    if file.is_dir():
        raise InputError(
            f"{shortened(file, 100)} is a folder; name a file in it, such as {shortened(name)}.{format_name}."
        )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return _write_checked(FORMATS[format_name], model, card, file)
    except OSError as error:
        raise InputError(
            f"{shortened(file, 120)} cannot be written ({error.strerror}); free some disk space or name another file."
        ) from error


def _write_checked(
    write: Callable[[Calibrated, Card, Path], float], model: Calibrated, card: Card, file: Path
) -> float:
    """Write a temporary file next to `file`, and rename it if it passes the check."""
    temporary = file.with_name(f".{file.name}.new")
    try:
        difference = write(model, card, temporary)
        if not difference <= TOLERANCE:  # NaN fails too
            raise InputError(
                f"the written file was removed, because its probabilities differ from {card.name}'s by up to "
                f"{difference:.1e} ({TOLERANCE:.0e} is allowed); install the versions in requirements-export.txt."
            )
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
    return difference


def write_onnx(model: Calibrated, card: Card, file: Path) -> float:
    """Write a network as one .onnx file; return the largest difference of its probabilities from `predict_proba`."""
    if missing := [package for package in REQUIRED_PACKAGES if find_spec(package) is None]:
        raise InputError(
            f"packages for the export are missing: {', '.join(missing)}; run `pip install -r requirements-export.txt`."
        )
    program = _onnx_program(model)
    program.model.metadata_props.update(
        {"card": json_line(asdict(card)), "classes": json_line(card.classes), "input": card.input}
    )
    program.save(file, external_data=False)
    return largest_difference(model, file)


FORMATS: dict[str, Callable[[Calibrated, Card, Path], float]] = {"onnx": write_onnx}
"""Format name -> function that writes the file and returns its largest difference from `predict_proba`."""


class CalibratedNetwork(nn.Module):
    """One module for a network, its preprocessing and its temperature."""

    def __init__(self, model: Calibrated) -> None:
        super().__init__()
        assert isinstance(model.classifier, Cnn)
        self.predictor = model.classifier.predictor
        self.temperature = model.temperature

    def forward(self, faces: Tensor) -> Tensor:
        """(b, 48, 48) uint8 -> (b, 7) float32; rows sum to 1."""
        scaled: Tensor = scale_probabilities(self.predictor(faces), self.temperature)
        return scaled


def _onnx_program(model: Calibrated) -> torch.onnx.ONNXProgram:
    # With a batch of one, the exporter would treat the batch size as a constant.
    example = torch.zeros((2, FACE_SIZE, FACE_SIZE), dtype=torch.uint8)
    torch_logger = logging.getLogger("torch.onnx._internal.exporter._registration")
    level = torch_logger.level
    torch_logger.setLevel(logging.ERROR)  # hides its warning that torchvision, which is not needed, is missing
    try:
        with warnings.catch_warnings():
            # torch 2.13 still uses a class that it has deprecated.
            warnings.filterwarnings("ignore", r"`isinstance\(treespec, LeafSpec\)`", FutureWarning)
            program = torch.onnx.export(
                CalibratedNetwork(model).eval(),
                (example,),
                input_names=["faces"],
                output_names=["probabilities"],
                dynamic_shapes={"faces": {0: torch.export.Dim("batch")}},
                dynamo=True,
                verbose=False,
            )
    finally:
        torch_logger.setLevel(level)
    assert program is not None  # only exports that write the file themselves return None
    return program


def largest_difference(model: SupportsPredictProba, file: Path) -> float:
    """Return the largest difference between the probabilities of a file and of `predict_proba`.

    onnxruntime runs the file on random images, one batch for each size in `BATCH_SIZES`.
    """
    from onnxruntime import InferenceSession

    session = InferenceSession(file, providers=["CPUExecutionProvider"])
    differences = []
    for size in BATCH_SIZES:
        faces = random_faces(size)
        (probabilities,) = session.run(["probabilities"], {"faces": faces})
        differences.append(np.abs(probabilities - model.predict_proba(faces)).max())
    return float(np.max(differences))


def random_faces(n: int) -> Faces:
    """Return n images of coarse random squares plus noise, (n, 48, 48) uint8.

    Noise alone would hide differences, because a network gives almost the same output for all noise images.
    """
    generator = np.random.default_rng(n)
    coarse = generator.integers(0, 200, (n, 6, 6)).repeat(8, axis=1).repeat(8, axis=2)
    return (coarse + generator.integers(0, 56, coarse.shape)).astype(np.uint8)


def _not_exportable_error(card: Card) -> InputError:
    networks = [name for name, other in read_cards()[0].items() if other.family == "cnn"]
    choice = shortened(", ".join(networks), 90) or "(none; train one first)"
    return InputError(
        f"{shortened(card.name)} belongs to the family {card.family}, but only networks can be exported (CatBoost's "
        f"ONNX export omits the computing of features); choose from {choice}."
    )
