"""Teachers: trained networks whose probabilities another network, the student, learns (distillation)."""

import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from core.classifiers.base import LoadModel
from core.classifiers.cnn.config import CnnConfig
from core.classifiers.cnn.network import ConvNet, Predictor
from core.classifiers.configs import as_json
from core.exceptions import InputError
from core.files import replace_file
from core.vision.crops import FACE_SIZE

CHUNK = 512
"""Number of faces that are augmented at a time, or that the teachers predict at a time."""


class Teachers:
    """Several networks whose mean probabilities a student learns (Hinton et al. 2015).

    Unless `steady_targets` is set, the student gets the same augmented faces as the teachers (Beyer et al. 2022).
    """

    def __init__(self, config: CnnConfig, load_model: LoadModel, device: torch.device, precision: torch.dtype) -> None:
        """Load the teachers that the config names."""
        networks = [_folded_network(name, load_model) for name in config.teachers]
        self.networks = [network.to(device, precision) for network in networks]
        self.temperature = config.teacher_temperature
        self.precision = precision

    @torch.inference_mode()
    def probabilities(self, inputs: Tensor) -> Tensor:
        """(n, 1, h, w) float -> (n, 7) float: the mean over all teachers, and over each face and its mirror image."""
        return torch.cat([self._mean_probabilities(part) for part in inputs.split(CHUNK)])

    def _mean_probabilities(self, inputs: Tensor) -> Tensor:
        inputs = inputs.to(self.precision, memory_format=torch.channels_last)
        logits = [network(faces).float() for network in self.networks for faces in (inputs, inputs.flip(-1))]
        return (torch.stack(logits) / self.temperature).softmax(dim=2).mean(dim=0)


def check_teachers(config: CnnConfig, load_model: LoadModel) -> None:
    """Raise InputError if the teachers cannot predict the augmented faces of this config."""
    if config.teachers and not config.views:
        raise InputError("teachers need views, but views is 0; set it, for example --set views=16.")
    uses_crops = config.augmentation.crop not in (0, FACE_SIZE)
    for name in config.teachers:
        if uses_crops and network_of(name, load_model).takes_whole_faces:
            raise InputError(
                f"{name} takes whole faces, but this student is trained on crops; name a teacher with average pooling."
            )


def _folded_network(name: str, load_model: LoadModel) -> nn.Module:
    """Return a model's network with folded batch normalisation; raises InputError for a model of another family."""
    return Predictor(network_of(name, load_model), FACE_SIZE, mirror=False).network


def network_of(name: str, load_model: LoadModel) -> ConvNet:
    """Return the trained network of a model; raises InputError for a model of another family."""
    network = getattr(load_model(name).classifier, "network", None)
    if not isinstance(network, ConvNet):
        raise InputError(f"{name} cannot be a teacher or the model to start from; only models of the family cnn can.")
    return network


def load_probabilities(file: Path, config: CnnConfig) -> Tensor | None:
    """Read the teachers' probabilities, (n, 7) float; None if the file is missing, damaged or of another config."""
    if not file.exists():
        return None
    try:
        with safe_open(file, "pt") as file_content:
            if (file_content.metadata() or {}).get("recipe") != json.dumps(as_json(config)):
                return None
            probabilities: Tensor = file_content.get_tensor("probabilities")
            return probabilities
    except SafetensorError:  # the file is damaged
        return None


def save_probabilities(file: Path, config: CnnConfig, probabilities: Tensor) -> None:
    """Write the file that `load_probabilities` reads."""
    replace_file(file, save({"probabilities": probabilities.cpu()}, {"recipe": json.dumps(as_json(config))}))
