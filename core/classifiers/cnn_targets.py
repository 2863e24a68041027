"""What a network is asked to answer: labels, class weights, teachers."""

from dataclasses import replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.nn import functional

from core.artifacts import load_classifier, read_card
from core.augment import Augmentation, augment
from core.classifiers.base import Run
from core.classifiers.cnn_config import CnnConfig
from core.classifiers.network import ConvNet, Predictor, to_input
from core.emotions import EMOTIONS
from core.exceptions import InputError
from core.faces import FACE_SIZE
from core.files import replace_file

CHUNK = 512
"""Faces augmented or judged by the teachers at a time."""


def balanced_weights(labels: Tensor) -> Tensor:
    """(n,) int64 -> (7,) float: n / (7 x images of the class), so that all classes weigh the same; mean about 1."""
    counts = torch.bincount(labels, minlength=len(EMOTIONS)).clamp(min=1)
    return len(labels) / (len(EMOTIONS) * counts)


def image_order(labels: Tensor, kind: str, generator: torch.Generator) -> Tensor:
    """(n,) int64: the images of an epoch, each once; with `sampler` drawn with repeats, each class equally often."""
    if kind == "sampler":
        weights = balanced_weights(labels)[labels].cpu().double()
        return torch.multinomial(weights, len(labels), replacement=True, generator=generator)
    return torch.randperm(len(labels), generator=generator)


class Teachers:
    """The mean probabilities of several networks (Hinton et al. 2015), on the very views that the student sees.

    Teacher and student see the same crop under the same light (Beyer et al. 2022); the teachers see its mirror image
    too. A finite number of views, gone through in turn, has to be judged once only. With steady targets the views are
    the teachers' own.
    """

    def __init__(
        self, names: tuple[str, ...], temperature: float, device: torch.device, precision: torch.dtype
    ) -> None:
        self.networks = [network.to(device, precision) for network in map(_predicting, names)]
        self.temperature = temperature
        self.precision = precision

    @torch.inference_mode()
    def probabilities(self, inputs: Tensor) -> Tensor:
        """(n, 1, h, w) float -> (n, 7) float."""
        return torch.cat([self._mean(part) for part in inputs.split(CHUNK)])

    def _mean(self, inputs: Tensor) -> Tensor:
        inputs = inputs.to(self.precision, memory_format=torch.channels_last)
        logits = [network(seen).float() for network in self.networks for seen in (inputs, inputs.flip(-1))]
        return (torch.stack(logits) / self.temperature).softmax(dim=2).mean(dim=0)


def check_teachers(config: CnnConfig) -> None:
    """Raises InputError for teachers that cannot look at what this config's student sees."""
    if config.teachers and not config.views:
        raise InputError("teachers are asked about a number of views: give it, for example --set views=16.")
    for name in config.teachers:
        if config.augmentation.crop not in (0, FACE_SIZE) and read_card(name).recipe.get("pooling") == "flatten":
            raise InputError(f"{name} takes whole faces, and this student's are cut; name one with average pooling.")


def _predicting(name: str) -> nn.Module:
    """A model's network with its batch normalisations folded; raises InputError for a model of another family."""
    return Predictor(network_of(name), FACE_SIZE, mirror=False).network


def network_of(name: str) -> ConvNet:
    """The trained network of a model; raises InputError for a model of another family."""
    network = getattr(load_classifier(name), "network", None)
    if not isinstance(network, ConvNet):
        raise InputError(f"{name} cannot teach or start a network: only models of the family cnn can.")
    return network


class Views:
    """Augmented copies of the training images, in mirrored pairs, and what the teachers say of them.

    A finite number of copies is judged once and gone through in turn; with steady targets a few serve for all. The
    answers are kept in the run's folder, so that a resumed run need not ask again.
    """

    def __init__(self, config: CnnConfig, faces: Tensor, labels: Tensor, run: Run, precision: torch.dtype) -> None:
        self.config = config
        self.precision = precision
        self.faces = faces
        self.labels = one_hot(labels)
        self.run = run
        self._number = -1
        self._inputs = self._targets = torch.empty(0)

    def batch(self, epoch: int, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Inputs (b, 1, h, w) and targets (b, 7), both float, of some images of an epoch's view."""
        number = epoch if self.config.steady_targets else epoch % self.config.views
        if number != self._number:
            self._inputs = self._view(number, self.config.augmentation)
            if not (self.config.steady_targets and len(self._targets)):
                self._targets = self._taught(number)
            self._number = number
        return self._inputs[rows], self._targets[rows]

    @torch.inference_mode()
    def _view(self, number: int, amount: Augmentation) -> Tensor:
        """(n, 1, h, w) float: each face changed as it always is in this view."""
        generator = torch.Generator().manual_seed(self.config.seed * 1009 + number // 2)
        view = torch.cat([augment(to_input(part), amount, generator) for part in self.faces.split(CHUNK)])
        return view.flip(-1) if number % 2 else view

    def _taught(self, number: int) -> Tensor:
        """(n, 7) float: what the student is to answer in a view."""
        if not self.config.teachers:
            return self.labels
        pairs = range((self.config.views + 1) // 2) if self.config.steady_targets else [number // 2]
        taught = torch.stack([self._judged_once(pair) for pair in pairs]).mean(dim=0)
        return torch.lerp(self.labels, taught, self.config.teacher_share)

    def _judged_once(self, pair: int) -> Tensor:
        """(n, 7) float: what the teachers say of two mirrored views; from the run's folder, if they have been asked."""
        file = self.run.folder / f"taught-{pair:03d}.safetensors"
        known = self.run.group.agreed(_answers(file, self.config))
        if known is not None:
            return known.to(self.labels)
        amount = self.config.augmentation
        if self.config.steady_targets:
            amount = replace(amount, erasing=0.0)  # what the student does not see its teachers may
        taught = self._judged(self._view(2 * pair, amount))
        if self.run.group.writes:
            replace_file(file, save({"probabilities": taught.cpu()}, {"recipe": repr(self.config)}))
        return taught

    def _judged(self, inputs: Tensor) -> Tensor:
        """(n, 7) float: what the teachers say of a view; several processes judge a share of it each."""
        group = self.run.group
        config = self.config
        teachers = Teachers(config.teachers, config.teacher_temperature, self.labels.device, self.precision)
        taught = torch.zeros_like(self.labels)
        taught[group.rank :: group.size] = teachers.probabilities(inputs[group.rank :: group.size])
        return group.total(taught)


def _answers(file: Path, config: CnnConfig) -> Tensor | None:
    """(n, 7) float: what a file says that the teachers said; None where it is not there, or of another recipe."""
    if not file.exists():
        return None
    try:
        with safe_open(file, "pt") as answers:
            if (answers.metadata() or {}).get("recipe") != repr(config):
                return None
            probabilities: Tensor = answers.get_tensor("probabilities")
            return probabilities
    except SafetensorError:  # cut short; they are asked again
        return None


def one_hot(labels: Tensor) -> Tensor:
    """(n,) int64 -> (n, 7) float."""
    return functional.one_hot(labels, len(EMOTIONS)).float()
