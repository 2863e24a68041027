"""Teachers: trained networks whose probabilities another network learns (distillation)."""

import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from core.classifiers.base import Load
from core.classifiers.cnn.config import CnnConfig
from core.classifiers.cnn.network import ConvNet, Predictor
from core.classifiers.configs import as_json
from core.exceptions import InputError
from core.files import replace_file
from core.vision.crops import FACE_SIZE

CHUNK = 512
"""Faces that are augmented, or predicted by the teachers, at a time."""


class Teachers:
    """The mean probabilities of several networks (Hinton et al. 2015), for the same views that the student sees.

    Teachers and student see the same crop in the same lighting (Beyer et al. 2022). The teachers also see its mirror
    image. They predict each of a finite number of views only once. With steady targets, they have views of their own.
    """

    def __init__(self, config: CnnConfig, load: Load, device: torch.device, precision: torch.dtype) -> None:
        """Load the teachers that the config names."""
        networks = [_folded_network(name, load) for name in config.teachers]
        self.networks = [network.to(device, precision) for network in networks]
        self.temperature = config.teacher_temperature
        self.precision = precision

    @torch.inference_mode()
    def probabilities(self, inputs: Tensor) -> Tensor:
        """(n, 1, h, w) float -> (n, 7) float."""
        return torch.cat([self._mean(part) for part in inputs.split(CHUNK)])

    def _mean(self, inputs: Tensor) -> Tensor:
        inputs = inputs.to(self.precision, memory_format=torch.channels_last)
        logits = [network(seen).float() for network in self.networks for seen in (inputs, inputs.flip(-1))]
        return (torch.stack(logits) / self.temperature).softmax(dim=2).mean(dim=0)


def check_teachers(config: CnnConfig, load: Load) -> None:
    """Raise InputError if the teachers cannot predict the views that the student of this config sees."""
    if config.teachers and not config.views:
        raise InputError("teachers need a finite number of views; give it, for example --set views=16.")
    is_cut = config.augmentation.crop not in (0, FACE_SIZE)
    for name in config.teachers:
        if is_cut and network_of(name, load).takes_whole_faces:
            raise InputError(f"{name} takes whole faces, but this student sees crops; name one with average pooling.")


def _folded_network(name: str, load: Load) -> nn.Module:
    """Return a model's network with folded batch normalisation; raises InputError for a model of another family."""
    return Predictor(network_of(name, load), FACE_SIZE, mirror=False).network


def network_of(name: str, load: Load) -> ConvNet:
    """Return the trained network of a model; raises InputError for a model of another family."""
    network = getattr(load(name).classifier, "network", None)
    if not isinstance(network, ConvNet):
        raise InputError(f"{name} cannot be a teacher or a start: only models of the family cnn can.")
    return network


def load_probabilities(file: Path, config: CnnConfig) -> Tensor | None:
    """Return the teachers' probabilities from a file, (n, 7) float; None if it is missing or of another recipe."""
    if not file.exists():
        return None
    try:
        with safe_open(file, "pt") as stored:
            if (stored.metadata() or {}).get("recipe") != json.dumps(as_json(config)):
                return None
            probabilities: Tensor = stored.get_tensor("probabilities")
            return probabilities
    except SafetensorError:  # incomplete file: the teachers predict again
        return None


def save_probabilities(file: Path, config: CnnConfig, probabilities: Tensor) -> None:
    """Write the file that `load_probabilities` reads."""
    replace_file(file, save({"probabilities": probabilities.cpu()}, {"recipe": json.dumps(as_json(config))}))
