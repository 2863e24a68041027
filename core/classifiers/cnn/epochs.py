"""Train or validate any torch classifier for one epoch; choose the device and the precision."""

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import Optimizer

from core.classifiers.cnn.sharpness import first_half, perturbed_weights

Batches = Iterable[tuple[Tensor, Tensor]]
"""Inputs (b, 1, h, w) and targets on the model's device: class ids (b,) int64, or probabilities (b, classes) float."""


@dataclass(frozen=True)
class Metrics:
    """Mean loss and accuracy over the images of one epoch."""

    loss: float
    accuracy: float


def train_epoch(
    model: nn.Module,
    batches: Batches,
    optimiser: Optimizer,
    *,
    label_smoothing: float,
    class_weights: Tensor | None = None,
    precision: torch.dtype,
    sharpness: float = 0.0,
    before_step: Callable[[], None],
    after_step: Callable[[], None],
) -> Metrics:
    """Train for one epoch; return loss and accuracy on the training batches, measured while the weights change.

    If `sharpness` is above 0, gradients, loss and accuracy are those at the perturbed weights (see `sharpness.py`).
    """
    model.train()
    total = _Total()

    def backward(inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        with autocast(inputs.device, precision):
            logits = model(inputs)
        loss = functional.cross_entropy(logits.float(), targets, weight=class_weights, label_smoothing=label_smoothing)
        loss.backward()
        return loss, logits

    for inputs, targets in batches:
        before_step()
        optimiser.zero_grad(set_to_none=True)
        if sharpness:
            backward(first_half(inputs), first_half(targets))  # gradients for `perturbed_weights`
        with perturbed_weights(model, sharpness) if sharpness else nullcontext():
            loss, logits = backward(inputs, targets)
        optimiser.step()
        after_step()
        total.add(loss, logits, targets)
    return total.metrics()


@torch.inference_mode()
def evaluate(model: nn.Module, batches: Batches) -> Metrics:
    """Return the cross-entropy (without label smoothing or class weights) and the accuracy, computed in float32."""
    model.eval()
    total = _Total()
    for inputs, targets in batches:
        logits = model(inputs)
        total.add(functional.cross_entropy(logits, targets), logits, targets)
    return total.metrics()


class _Total:
    """Sums over images, to which batches of any size are added."""

    def __init__(self) -> None:
        self.n = 0
        self.loss = 0.0
        self.correct = 0

    def add(self, loss: Tensor, logits: Tensor, targets: Tensor) -> None:
        self.n += len(targets)
        self.loss += loss.item() * len(targets)
        labels = targets if targets.ndim == 1 else targets.argmax(dim=1)
        self.correct += int((logits.argmax(dim=1) == labels).sum())

    def metrics(self) -> Metrics:
        return Metrics(self.loss / self.n, self.correct / self.n)


def best_device() -> torch.device:
    """Return CUDA if it is available, otherwise Apple's MPS, otherwise the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def faster_precision(model: nn.Module, example: Tensor) -> torch.dtype:
    """Measure a training step in bfloat16 and in float32; return bfloat16 if it takes less than 90 % of float32's time.

    Bfloat16 is faster only on processors with avx512_bf16 or amx and on recent GPUs. Elsewhere it is many times slower.
    """
    seconds = {dtype: _step_seconds(model, example, dtype) for dtype in (torch.float32, torch.bfloat16)}
    return torch.bfloat16 if seconds[torch.bfloat16] < 0.9 * seconds[torch.float32] else torch.float32


def _step_seconds(model: nn.Module, example: Tensor, precision: torch.dtype) -> float:
    """Return the time of the fastest of three forward and backward passes, after one warm-up pass."""
    seconds = []
    for _ in range(4):
        start = time.perf_counter()
        with autocast(example.device, precision):
            loss = model(example).float().sum()
        loss.backward()
        loss.item()  # waits for a GPU to finish
        seconds.append(time.perf_counter() - start)
    model.zero_grad(set_to_none=True)
    return min(seconds[1:])


def autocast(device: torch.device, precision: torch.dtype) -> AbstractContextManager[object]:
    """Return a context for forward passes in `precision`; it does nothing for float32."""
    if precision is torch.float32:
        return nullcontext()
    return torch.autocast(device.type, dtype=precision)
