"""What a network sees of the faces, in which order, and what it is asked to answer."""

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from core.classifiers.base import Run
from core.classifiers.cnn.augment import augment
from core.classifiers.cnn.config import Augmentation, CnnConfig
from core.classifiers.cnn.network import to_input
from core.classifiers.cnn.teachers import CHUNK, Teachers, keep_answers, kept_answers
from core.emotions import EMOTIONS


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
        known = self.run.group.agreed(kept_answers(file, self.config))
        if known is not None:
            return known.to(self.labels)
        amount = self.config.augmentation
        if self.config.steady_targets:
            amount = replace(amount, erasing=0.0)  # what the student does not see its teachers may
        taught = self._judged(self._view(2 * pair, amount))
        if self.run.group.writes:
            keep_answers(file, self.config, taught)
        return taught

    def _judged(self, inputs: Tensor) -> Tensor:
        """(n, 7) float: what the teachers say of a view; several processes judge a share of it each."""
        group = self.run.group
        teachers = Teachers(self.config, self.run.load, self.labels.device, self.precision)
        taught = torch.zeros_like(self.labels)
        taught[group.rank :: group.size] = teachers.probabilities(inputs[group.rank :: group.size])
        return group.total(taught)


def one_hot(labels: Tensor) -> Tensor:
    """(n,) int64 -> (n, 7) float."""
    return functional.one_hot(labels, len(EMOTIONS)).float()
