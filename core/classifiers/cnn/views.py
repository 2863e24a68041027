"""The input of a network in training: views of the faces, their order and their targets."""

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from core.classifiers.base import Run
from core.classifiers.cnn.augment import augment
from core.classifiers.cnn.config import Augmentation, CnnConfig
from core.classifiers.cnn.network import to_input
from core.classifiers.cnn.teachers import CHUNK, Teachers, load_probabilities, save_probabilities
from core.emotions import EMOTIONS


def balanced_weights(labels: Tensor) -> Tensor:
    """(n,) int64 -> (7,) float: n / (7 x images of the class). All classes get the same total weight; mean about 1."""
    counts = torch.bincount(labels, minlength=len(EMOTIONS)).clamp(min=1)
    return len(labels) / (len(EMOTIONS) * counts)


def image_order(labels: Tensor, kind: str, generator: torch.Generator) -> Tensor:
    """(n,) int64: the order of images in an epoch, each once.

    With `sampler`, images are drawn with replacement, each class equally often.
    """
    if kind == "sampler":
        weights = balanced_weights(labels)[labels].cpu().double()
        return torch.multinomial(weights, len(labels), replacement=True, generator=generator)
    return torch.randperm(len(labels), generator=generator)


class Views:
    """Augmented copies of the training images, in mirrored pairs, and the teachers' probabilities for them.

    The teachers predict each copy once, and the copies are used in turn. With steady targets, a few copies serve all
    epochs. The probabilities are saved in the run's folder, so a resumed run does not compute them again.
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
        """Return inputs (b, 1, h, w) and targets (b, 7), both float, for some images of an epoch's view."""
        number = epoch if self.config.steady_targets else epoch % self.config.views
        if number != self._number:
            self._inputs = self._view(number, self.config.augmentation)
            if not (self.config.steady_targets and len(self._targets)):
                self._targets = self._view_targets(number)
            self._number = number
        return self._inputs[rows], self._targets[rows]

    @torch.inference_mode()
    def _view(self, number: int, amount: Augmentation) -> Tensor:
        """(n, 1, h, w) float: all faces in one view, with the same random changes in each call."""
        generator = torch.Generator().manual_seed(self.config.seed * 1009 + number // 2)
        view = torch.cat([augment(to_input(part), amount, generator) for part in self.faces.split(CHUNK)])
        return view.flip(-1) if number % 2 else view

    def _view_targets(self, number: int) -> Tensor:
        """(n, 7) float: the targets of the student in one view."""
        if not self.config.teachers:
            return self.labels
        pairs = range((self.config.views + 1) // 2) if self.config.steady_targets else [number // 2]
        probabilities = torch.stack([self._pair_probabilities(pair) for pair in pairs]).mean(dim=0)
        return torch.lerp(self.labels, probabilities, self.config.teacher_share)

    def _pair_probabilities(self, pair: int) -> Tensor:
        """(n, 7) float: the teachers' probabilities for a mirrored pair of views, saved in the run's folder."""
        file = self.run.folder / f"taught-{pair:03d}.safetensors"
        saved = self.run.group.broadcast(load_probabilities(file, self.config))
        if saved is not None:
            return saved.to(self.labels)
        amount = self.config.augmentation
        if self.config.steady_targets:
            amount = replace(amount, erasing=0.0)  # the teachers may see what is erased for the student
        probabilities = self._teacher_probabilities(self._view(2 * pair, amount))
        if self.run.group.writes:
            save_probabilities(file, self.config, probabilities)
        return probabilities

    def _teacher_probabilities(self, inputs: Tensor) -> Tensor:
        """(n, 7) float: the teachers' probabilities for one view. Each process computes its share of them."""
        group = self.run.group
        teachers = Teachers(self.config, self.run.load, self.labels.device, self.precision)
        probabilities = torch.zeros_like(self.labels)
        probabilities[group.rank :: group.size] = teachers.probabilities(inputs[group.rank :: group.size])
        return group.total(probabilities)


def one_hot(labels: Tensor) -> Tensor:
    """(n,) int64 -> (n, 7) float."""
    return functional.one_hot(labels, len(EMOTIONS)).float()
