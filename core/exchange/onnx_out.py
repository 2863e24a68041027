"""Export a trained model as one ONNX file and check the file against the model.

The graph takes `faces` (batch, 48, 48) uint8 and returns `probabilities` (batch, 7) float32. It includes the division
by 255, the mean over the mirrored image (if the model uses it) and the temperature. So its output equals
`predict_proba`. The model's card is stored in the metadata.
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

from core.classifiers.base import SupportsPredictProba
from core.classifiers.calibrated import Calibrated, scale_probabilities
from core.classifiers.cnn.classifier import Cnn
from core.classifiers.loading import load_classifier
from core.exceptions import InputError, unknown_name
from core.models.card import Card
from core.models.store import read_card, read_cards
from core.vision.crops import FACE_SIZE, Faces

TOLERANCE = 1e-4
"""Largest allowed difference between a probability of the file and of torch."""

BATCHES = (1, 2, 5, 64)
"""Batch sizes on which a written file is checked."""

REQUIRED_PACKAGES = ("onnx", "onnxscript", "onnxruntime")


def export_model(name: str, format_name: str, file: Path) -> float:
    """Write the model to the file; return the largest difference between a probability of the file and of torch.

    An existing file is replaced only after the new one has passed the check. Raises InputError for an unknown model or
    format, a family that cannot be exported, missing packages, a path that cannot be written, and a file that differs
    by more than `TOLERANCE`.
    """
    if format_name not in FORMATS:
        raise unknown_name("format", format_name, FORMATS)
    card = read_card(name)
    model = load_classifier(name)
    if not isinstance(model.classifier, Cnn):
        raise _not_exportable(card)
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
    """Write a temporary file next to `file`, and rename it if it passes the check."""
    temporary = file.with_name(f".{file.name}.new")
    try:
        difference = write(model, card, temporary)
        if not difference <= TOLERANCE:  # NaN fails too
            raise InputError(
                f"the written file differs from {card.name} by up to {difference:.1e} in a probability "
                f"({TOLERANCE:.0e} is allowed) and was removed; install the versions in requirements-export.txt."
            )
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
    return difference


def write_onnx(model: Calibrated, card: Card, file: Path) -> float:
    """Write a network as one .onnx file; return the largest difference of its output from `predict_proba`."""
    if missing := [package for package in REQUIRED_PACKAGES if find_spec(package) is None]:
        raise InputError(
            f"the export needs {', '.join(missing)}, not installed here; run `pip install -r requirements-export.txt`."
        )
    program = _onnx_program(model)
    program.model.metadata_props.update(
        {"card": json.dumps(asdict(card)), "classes": json.dumps(card.classes), "input": card.input}
    )
    program.save(file, external_data=False)
    return largest_difference(model, file)


FORMATS: dict[str, Callable[[Calibrated, Card, Path], float]] = {"onnx": write_onnx}
"""Format name -> function that writes the file and returns its largest difference from `predict_proba`."""


class Prediction(nn.Module):
    """A network and its temperature as one module, from gray levels to probabilities."""

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
    registration = logging.getLogger("torch.onnx._internal.exporter._registration")
    level = registration.level
    registration.setLevel(logging.ERROR)  # it warns that torchvision is missing, which is not needed here
    try:
        with warnings.catch_warnings():
            # torch 2.13 itself uses a class that it has deprecated.
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
    assert program is not None  # only exports that write the file themselves return None
    return program


def largest_difference(model: SupportsPredictProba, file: Path) -> float:
    """Return the largest difference between probabilities of the file and of `predict_proba`.

    The file runs in onnxruntime, on random faces in batches of the sizes in `BATCHES`.
    """
    from onnxruntime import InferenceSession

    session = InferenceSession(file, providers=["CPUExecutionProvider"])
    differences = []
    for size in BATCHES:
        faces = random_faces(size)
        (probabilities,) = session.run(["probabilities"], {"faces": faces})
        differences.append(np.abs(probabilities - model.predict_proba(faces)).max())
    return float(np.max(differences))


def random_faces(n: int) -> Faces:
    """Return n images of coarse random squares plus noise, (n, 48, 48) uint8.

    Noise alone would not do: a network gives almost the same output for all noise images.
    """
    generator = np.random.default_rng(n)
    coarse = generator.integers(0, 200, (n, 6, 6)).repeat(8, axis=1).repeat(8, axis=2)
    return (coarse + generator.integers(0, 56, coarse.shape)).astype(np.uint8)


def _not_exportable(card: Card) -> InputError:
    networks = [name for name, other in read_cards()[0].items() if other.family == "cnn"]
    return InputError(
        f"{card.name} belongs to the family {card.family}, but only networks can be exported (CatBoost's own ONNX has "
        f"the trees, not the features before them); choose from {', '.join(networks) or '(none; train one first)'}."
    )
