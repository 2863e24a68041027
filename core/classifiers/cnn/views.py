"""The training batches of a network: the order of the images, their augmented copies (views) and their targets."""

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


def balanced_class_weights(labels: Tensor) -> Tensor:
    """(n,) int64 -> (7,) float: n / (7 x images of the class). All classes with images have the same total weight."""
    counts = torch.bincount(labels, minlength=len(EMOTIONS)).clamp(min=1)
    return len(labels) / (len(EMOTIONS) * counts)


def image_order(labels: Tensor, class_weights: str, generator: torch.Generator) -> Tensor:
    """Return the row numbers of the images of one epoch, (n,) int64: each image once, in random order.

    If `class_weights` is `sampler`, images are drawn with replacement, and all classes equally often on average.
    """
    if class_weights == "sampler":
        weights = balanced_class_weights(labels)[labels].cpu().double()
        return torch.multinomial(weights, len(labels), replacement=True, generator=generator)
    return torch.randperm(len(labels), generator=generator)


class Views:
    """Augmented copies (views) of all training images, and their targets.

    Views 2k and 2k + 1 mirror each other, so they have the same targets. The teachers predict each such pair once.
    Their probabilities are saved in the run's folder, so a resumed run does not compute them again.

    By default, the epochs use the config's `views` in turn, and each view has its own targets. With `steady_targets`,
    every epoch has a new view, but all epochs have the same targets: the mean over the teachers' `views` views.
    """

    def __init__(self, config: CnnConfig, faces: Tensor, labels: Tensor, run: Run, precision: torch.dtype) -> None:
        self.config = config
        self.precision = precision
        self.faces = faces
        self.labels = one_hot(labels)
        self.run = run
        self._view_number = -1
        self._inputs = self._targets = torch.empty(0)

    def batch(self, epoch: int, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Return inputs (b, 1, h, w) and targets (b, 7), both float, of the images `rows` in the view of an epoch."""
        number = epoch if self.config.steady_targets else epoch % self.config.views
        if number != self._view_number:
            self._inputs = self._view(number, self.config.augmentation)
            if not (self.config.steady_targets and len(self._targets)):
                self._targets = self._view_targets(number)
            self._view_number = number
        return self._inputs[rows], self._targets[rows]

    @torch.inference_mode()
    def _view(self, number: int, augmentation: Augmentation) -> Tensor:
        """Return one view of all faces, (n, 1, h, w) float. A number always gives the same random changes."""
        generator = torch.Generator().manual_seed(self.config.seed * 1009 + number // 2)
        view = torch.cat([augment(to_input(part), augmentation, generator) for part in self.faces.split(CHUNK)])
        return view.flip(-1) if number % 2 else view

    def _view_targets(self, number: int) -> Tensor:
        """Return the targets of all faces in one view, (n, 7) float."""
        if not self.config.teachers:
            return self.labels
        pairs = range((self.config.views + 1) // 2) if self.config.steady_targets else [number // 2]
        probabilities = torch.stack([self._pair_probabilities(pair) for pair in pairs]).mean(dim=0)
        return torch.lerp(self.labels, probabilities, self.config.teacher_share)

    def _pair_probabilities(self, pair: int) -> Tensor:
        """Return the teachers' probabilities for a mirrored pair of views, (n, 7) float: saved or computed."""
        file = self.run.folder / f"taught-{pair:03d}.safetensors"
        saved = self.run.group.broadcast(load_probabilities(file, self.config))
        if saved is not None:
            return saved.to(self.labels)
        augmentation = self.config.augmentation
        if self.config.steady_targets:
            augmentation = replace(augmentation, erasing=0.0)  # only the student's views have erased rectangles
        probabilities = self._teacher_probabilities(self._view(2 * pair, augmentation))
        if self.run.group.writes:
            save_probabilities(file, self.config, probabilities)
        return probabilities

    def _teacher_probabilities(self, inputs: Tensor) -> Tensor:
        """Return the teachers' probabilities for one view, (n, 7) float. Each process computes a share of the rows."""
        group = self.run.group
        teachers = Teachers(self.config, self.run.load_model, self.labels.device, self.precision)
        probabilities = torch.zeros_like(self.labels)
        probabilities[group.rank :: group.size] = teachers.probabilities(inputs[group.rank :: group.size])
        return group.total(probabilities)


def one_hot(labels: Tensor) -> Tensor:
    """(n,) int64 -> (n, 7) float."""
    return functional.one_hot(labels, len(EMOTIONS)).float()
