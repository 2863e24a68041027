"""Training of one network of the convolutional family."""

import math
from collections.abc import Callable, Iterator
from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from core.classifiers.base import LabelledFaces, LoadModel, Run
from core.classifiers.cnn import epochs
from core.classifiers.cnn.augment import augment, mixup_batch
from core.classifiers.cnn.checkpoints import (
    latest_checkpoint,
    optimiser_tensors,
    prefixed,
    restore_optimiser,
    save_checkpoint,
    unprefixed,
)
from core.classifiers.cnn.config import CnnConfig
from core.classifiers.cnn.network import central_square, to_input
from core.classifiers.cnn.teachers import check_teachers, network_of
from core.classifiers.cnn.views import Views, balanced_class_weights, image_order, one_hot
from core.classifiers.configs import as_json
from core.exceptions import InputError

VAL_BATCH = 512
"""Faces per forward pass on val, where no gradient is needed."""


class CnnFit:
    """One training run: the network, its averaged weights, its optimiser, and a checkpoint after each epoch.

    The random numbers of an epoch depend only on the seed and the epoch, so a resumed run draws the same numbers as an
    uninterrupted run. If several processes train together, all draw the same batches (only dropout differs). Each
    process trains on its share of every batch, and process 0 writes the checkpoints.
    """

    def __init__(
        self, config: CnnConfig, network: nn.Module, train: LabelledFaces, val: LabelledFaces, run: Run
    ) -> None:
        run.group.check(config.batch_size)
        check_teachers(config, run.load_model)
        self.config = config
        self.group = run.group
        self.folder = run.folder
        self.device = epochs.best_device()
        _load_start_weights(network, config.start, run.load_model)
        self.network = network.to(self.device)
        self.faces, self.labels = self._on_device(train)
        self.val_faces, self.val_labels = self._on_device(val)
        if config.fit_on == "train+val":
            self.faces = torch.cat([self.faces, self.val_faces])
            self.labels = torch.cat([self.labels, self.val_labels])
        self.class_weights = balanced_class_weights(self.labels) if config.class_weights == "balanced" else None
        self.averaged_model = _averaged_model(self.network, config)
        self.optimiser = _optimiser(self.network, config)
        self.history: list[dict[str, float]] = []
        self.best_weights: dict[str, Tensor] = {}
        self.epochs_done = 0
        self._resume()
        if not self.epochs_done:
            initial_state = deepcopy(self.network.state_dict())
            precision = epochs.faster_precision(self.network.train(), to_input(self.faces[: config.batch_size]))
            self.precision = self.group.broadcast(precision)
            self.network.load_state_dict(initial_state)  # timing changed the batch-normalisation statistics
        self.synchronized_network = self.group.synchronized(self.network)
        self.views = Views(config, self.faces, self.labels, run, self.precision) if config.views else None

    def run_epoch(self, epoch: int) -> dict[str, float]:
        """Train for one epoch, validate, save a checkpoint, and return the new row of the history."""
        torch.manual_seed(self._epoch_seed(epoch) + self.group.rank)  # for dropout, which differs between processes
        if epoch in _phase_starts(self.config):
            self.optimiser = _optimiser(self.network, self.config)
        trained = epochs.train_epoch(
            self.synchronized_network,
            self._train_batches(epoch),
            self.optimiser,
            label_smoothing=self.config.label_smoothing,
            class_weights=self.class_weights,
            precision=self.precision,
            sharpness=self.config.sharpness,
            before_step=self._learning_rate_setter(epoch),
            after_step=self._update_average,
        )
        metrics = torch.tensor([trained.loss, trained.accuracy]).to(self.device)
        loss_sum, accuracy_sum = self.group.total(metrics).tolist()
        validated_network = self.averaged_model.module if self.averaged_model else self.network
        validated = self._validate(validated_network)
        if self.config.fit_on == "train+val" or self._is_best(validated):
            self.best_weights = {
                name: tensor.detach().clone() for name, tensor in validated_network.state_dict().items()
            }
        row = {
            "step": epoch + 1,
            "train_loss": loss_sum / self.group.size,
            "train_accuracy": accuracy_sum / self.group.size,
            "val_loss": validated.loss,
            "val_accuracy": validated.accuracy,
            "learning_rate": self.optimiser.param_groups[0]["lr"],
        }
        self.history.append(row)
        if self.group.writes:
            self._save(epoch + 1)
        return row

    def _validate(self, network: nn.Module) -> epochs.Metrics:
        if self.config.fit_on == "train+val":
            return epochs.Metrics(math.nan, math.nan)  # all images of val are in the training images
        return epochs.evaluate(network, self._val_batches())

    def _is_best(self, validated: epochs.Metrics) -> bool:
        return validated.accuracy > max((row["val_accuracy"] for row in self.history), default=-1.0)

    def _train_batches(self, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        generator = torch.Generator().manual_seed(self._epoch_seed(epoch))
        order = image_order(self.labels, self.config.class_weights, generator).to(self.device)
        # Batch statistics need more than one image, so an incomplete last batch is left out unless it is the only one.
        for rows in order.split(self.config.batch_size)[: len(order) // self.config.batch_size or 1]:
            inputs, targets = self._batch(epoch, rows, generator)
            inputs, targets = mixup_batch(inputs, targets, self.config.mixup, generator)
            inputs = self.group.share(inputs).contiguous(memory_format=torch.channels_last)
            yield inputs, self.group.share(targets)

    def _batch(self, epoch: int, rows: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        if self.views:
            return self.views.batch(epoch, rows)
        inputs = augment(to_input(self.faces[rows]), self.config.augmentation, generator)
        return inputs, one_hot(self.labels[rows]) if self.config.mixup else self.labels[rows]

    def _val_batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        for faces, labels in zip(self.val_faces.split(VAL_BATCH), self.val_labels.split(VAL_BATCH), strict=True):
            yield central_square(to_input(faces), self.config.window), labels

    def _learning_rate_setter(self, epoch: int) -> Callable[[], None]:
        """Return a function that is called before each step of this epoch, and that sets the step's learning rate."""
        steps = len(self.faces) // self.config.batch_size or 1
        step_numbers = iter(range(steps))

        def before_step() -> None:
            rate = learning_rate(self.config, epoch + next(step_numbers) / steps)
            for group in self.optimiser.param_groups:
                group["lr"] = rate

        return before_step

    def _update_average(self) -> None:
        if self.averaged_model:
            self.averaged_model.update_parameters(self.network)

    def _save(self, epochs_done: int) -> None:
        tensors = prefixed("network", self.network.state_dict()) | prefixed("best", self.best_weights)
        tensors |= optimiser_tensors(self.optimiser)
        if self.averaged_model:
            tensors |= prefixed("average", self.averaged_model.state_dict())
        state = {
            "recipe": as_json(self.config),
            "done": epochs_done,
            "history": self.history,
            "precision": str(self.precision),
        }
        save_checkpoint(self.folder, epochs_done, tensors, state)

    def _resume(self) -> None:
        """Restore the newest checkpoint if its config is the same."""
        checkpoint = self.group.broadcast(latest_checkpoint(self.folder) if self.group.writes else None)
        if checkpoint is None or checkpoint[1]["recipe"] != as_json(self.config):
            return
        tensors, state = checkpoint
        self.network.load_state_dict(unprefixed("network", tensors))
        self.best_weights = unprefixed("best", tensors)
        restore_optimiser(self.optimiser, tensors)
        if self.averaged_model:
            self.averaged_model.load_state_dict(unprefixed("average", tensors))
        self.epochs_done, self.history = state["done"], state["history"]
        self.precision = getattr(torch, state["precision"].removeprefix("torch."))

    def _epoch_seed(self, epoch: int) -> int:
        return self.config.seed * 100_003 + epoch

    def _on_device(self, data: LabelledFaces) -> tuple[Tensor, Tensor]:
        # The whole of FER2013 takes 83 MB as uint8. It stays in memory, so no data loader is needed.
        faces = torch.from_numpy(np.array(data.faces)).to(self.device)
        return faces, torch.from_numpy(data.labels.astype(np.int64)).to(self.device)


def _load_start_weights(network: nn.Module, name: str, load_model: LoadModel) -> None:
    """Copy the weights of the model of this name into the network; an empty name changes nothing."""
    if not name:
        return
    try:
        network.load_state_dict(network_of(name, load_model).state_dict())
    except RuntimeError as error:
        raise InputError(
            f"the weights of {name} do not fit this network; set `blocks`, `stem`, `residual`, `pooling` and `hidden` "
            "as in its card."
        ) from error


def learning_rate(config: CnnConfig, epoch: float) -> float:
    """Return the learning rate after a number of epochs, such as 2.5."""
    phase = sum(epoch >= start for start in _phase_starts(config)) - 1
    epochs_in_phase = epoch - _phase_starts(config)[phase]
    peak, length = config.learning_rates[phase], config.epochs[phase]
    if config.schedule == "step":
        return peak * 0.1 ** (int(epochs_in_phase) // 5)
    warmup = length / 20
    if epochs_in_phase < warmup:
        return float(peak * (epochs_in_phase + warmup / 100) / warmup)  # above 0 even in the first step
    return float(peak * (1 + np.cos(np.pi * (epochs_in_phase - warmup) / (length - warmup))) / 2)


def _phase_starts(config: CnnConfig) -> list[int]:
    return [sum(config.epochs[:phase]) for phase in range(len(config.epochs))]


def _averaged_model(network: nn.Module, config: CnnConfig) -> AveragedModel | None:
    if not config.weight_averaging:
        return None
    return AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(config.weight_averaging), use_buffers=True)


def _optimiser(network: nn.Module, config: CnnConfig) -> torch.optim.Optimizer:
    parameters, decay = network.parameters(), config.weight_decay
    rate = config.learning_rates[0]  # replaced before each step
    # fused=True updates all weights in one call, which takes a seventh of the time on a CPU.
    if config.optimiser == "sgd":
        return torch.optim.SGD(parameters, lr=rate, weight_decay=decay, momentum=0.9, nesterov=True, fused=True)
    kind = torch.optim.AdamW if config.optimiser == "adamw" else torch.optim.Adam
    return kind(parameters, lr=rate, weight_decay=decay, fused=True)
