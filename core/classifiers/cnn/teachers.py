"""Trained networks whose answers another network learns."""

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
"""Faces augmented or judged by the teachers at a time."""


class Teachers:
    """The mean probabilities of several networks (Hinton et al. 2015), on the very views that the student sees.

    Teacher and student see the same crop under the same light (Beyer et al. 2022); the teachers see its mirror image
    too. A finite number of views, gone through in turn, has to be judged once only. With steady targets the views are
    the teachers' own.
    """

    def __init__(self, config: CnnConfig, load: Load, device: torch.device, precision: torch.dtype) -> None:
        """The teachers that the config names."""
        networks = [_predicting(name, load) for name in config.teachers]
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
    """Raises InputError for teachers that cannot look at what this config's student sees."""
    if config.teachers and not config.views:
        raise InputError("teachers are asked about a number of views: give it, for example --set views=16.")
    is_cut = config.augmentation.crop not in (0, FACE_SIZE)
    for name in config.teachers:
        if is_cut and network_of(name, load).takes_whole_faces:
            raise InputError(f"{name} takes whole faces, and this student's are cut; name one with average pooling.")


def _predicting(name: str, load: Load) -> nn.Module:
    """A model's network with its batch normalisations folded; raises InputError for a model of another family."""
    return Predictor(network_of(name, load), FACE_SIZE, mirror=False).network


def network_of(name: str, load: Load) -> ConvNet:
    """The trained network of a model; raises InputError for a model of another family."""
    network = getattr(load(name).classifier, "network", None)
    if not isinstance(network, ConvNet):
        raise InputError(f"{name} cannot teach or start a network: only models of the family cnn can.")
    return network


def kept_answers(file: Path, config: CnnConfig) -> Tensor | None:
    """(n, 7) float: what a file says that the teachers said; None if it is not there, or of another recipe."""
    if not file.exists():
        return None
    try:
        with safe_open(file, "pt") as answers:
            if (answers.metadata() or {}).get("recipe") != json.dumps(as_json(config)):
                return None
            probabilities: Tensor = answers.get_tensor("probabilities")
            return probabilities
    except SafetensorError:  # cut short; they are asked again
        return None


def keep_answers(file: Path, config: CnnConfig, probabilities: Tensor) -> None:
    """Write what `kept_answers` reads."""
    replace_file(file, save({"probabilities": probabilities.cpu()}, {"recipe": json.dumps(as_json(config))}))
