"""Sharpness-aware minimisation: gradients from the worst point nearby, so that fewer wrong labels are memorised.

Foret et al. 2021, "Sharpness-Aware Minimization for Efficiently Improving Generalization". The direction to the worst
point is computed on half of the batch (Du et al. 2022, "Efficient Sharpness-aware Minimization"). A step therefore
costs one and a half plain steps.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


def first_half(batch: Tensor) -> Tensor:
    """Return the part of a batch on which the direction to the worst point is computed."""
    return batch[: (len(batch) + 1) // 2]


@contextmanager
def perturbed_weights(model: nn.Module, radius: float) -> Iterator[None]:
    """Move the weights by `radius` along their gradient; restore them on exit.

    Gradients are cleared on entry. Batch statistics are not updated inside, because predictions use the restored
    weights.
    """
    gradients = [(weight, weight.grad) for weight in model.parameters() if weight.grad is not None]
    originals = [(weight, weight.detach().clone()) for weight, _ in gradients]
    step = radius / (torch.nn.utils.get_total_norm([gradient for _, gradient in gradients]) + 1e-12)
    normalisations = [m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    momenta = [normalisation.momentum for normalisation in normalisations]
    with torch.no_grad():
        for weight, gradient in gradients:
            weight.add_(gradient * step)
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
