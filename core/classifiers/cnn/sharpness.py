"""Sharpness-aware minimisation: gradients from the worst point nearby, so that wrong labels are not learnt by heart.

Foret et al. 2021, "Sharpness-Aware Minimization for Efficiently Improving Generalization". The way up is found on half
of the batch (Du et al. 2022, "Efficient Sharpness-aware Minimization"), so a step costs one and a half plain ones.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


def half(batch: Tensor) -> Tensor:
    """The part of a batch on which the way up is found."""
    return batch[: (len(batch) + 1) // 2]


@contextmanager
def worst_nearby(model: nn.Module, radius: float) -> Iterator[None]:
    """Inside, the weights stand `radius` further along the gradient that they hold; after, they are back.

    Gradients are cleared on the way in. Batch statistics are not gathered inside: predictions use the weights that
    the model comes back to.
    """
    slopes = [(weight, weight.grad) for weight in model.parameters() if weight.grad is not None]
    before = [(weight, weight.detach().clone()) for weight, _ in slopes]
    step = radius / (torch.nn.utils.get_total_norm([slope for _, slope in slopes]) + 1e-12)
    normalisations = [m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    momenta = [normalisation.momentum for normalisation in normalisations]
    with torch.no_grad():
        for weight, slope in slopes:
            weight.add_(slope * step)
    model.zero_grad(set_to_none=True)
    for normalisation in normalisations:
        normalisation.momentum = 0.0
    try:
        yield
    finally:
        with torch.no_grad():
            for weight, old in before:
                weight.copy_(old)
        for normalisation, momentum in zip(normalisations, momenta, strict=True):
            normalisation.momentum = momentum
