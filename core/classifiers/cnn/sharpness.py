"""Sharpness-aware minimisation: compute gradients at nearby weights with a higher loss, against overfitting.

Foret et al. 2021, "Sharpness-Aware Minimization for Efficiently Improving Generalization". Each step first moves the
weights along the gradient of the loss, to increase it. That gradient is computed on the first half of the batch only,
so a step costs as much as one and a half plain steps. The weights are restored before the optimiser's step.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


def first_half(batch: Tensor) -> Tensor:
    """Return the first half (rounded up) of a batch of inputs or targets. The gradient on it moves the weights."""
    return batch[: (len(batch) + 1) // 2]


@contextmanager
def perturbed_weights(model: nn.Module, radius: float) -> Iterator[None]:
    """Move the weights by `radius` along their gradient; restore them on exit.

    Gradients are cleared on entry. Inside the context, the running statistics of batch normalisation are not updated:
    they must match the restored weights, with which the model predicts.
    """
    gradients = [(weight, weight.grad) for weight in model.parameters() if weight.grad is not None]
    originals = [(weight, weight.detach().clone()) for weight, _ in gradients]
    scale = radius / (torch.nn.utils.get_total_norm([gradient for _, gradient in gradients]) + 1e-12)
    normalisations = [m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    momenta = [normalisation.momentum for normalisation in normalisations]
    with torch.no_grad():
        for weight, gradient in gradients:
            weight.add_(gradient * scale)
    model.zero_grad(set_to_none=True)
    for normalisation in normalisations:
        normalisation.momentum = 0.0
    try:
        yield
    finally:
        with torch.no_grad():
            for weight, original in originals:
                weight.copy_(original)
        for normalisation, momentum in zip(normalisations, momenta, strict=True):
            normalisation.momentum = momentum
