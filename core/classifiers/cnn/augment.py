"""Augmentation and mixup: random changes to batches of faces, as torch tensors."""

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from core.classifiers.cnn.config import Augmentation


def augment(batch: Tensor, augmentation: Augmentation, generator: torch.Generator) -> Tensor:
    """Change each face at random: (n, 1, h, w) float in 0..1 -> (n, 1, h, w) float in 0..1.

    If `augmentation.crop` is set, the result is (n, 1, crop, crop).
    """
    batch = _affine(batch, augmentation, generator)
    batch = _lighting(batch, augmentation, generator)
    return _erase(batch, augmentation.erasing, generator)


def _uniform(n: int, low: float, high: float, like: Tensor, generator: torch.Generator) -> Tensor:
    # The CPU draws the numbers, so that a seed gives the same numbers on every device.
    return (torch.rand(n, generator=generator) * (high - low) + low).to(like.device)


def _affine(batch: Tensor, augmentation: Augmentation, generator: torch.Generator) -> Tensor:
    """Flip, rotate, scale, shift and crop in one resampling. The border is replicated, as in `crop_face`."""
    changes = (augmentation.flip, augmentation.shift, augmentation.scale, augmentation.rotation, augmentation.crop)
    if not any(changes):
        return batch
    n = len(batch)
    largest_angle = augmentation.rotation * math.pi / 180
    angle = _uniform(n, -largest_angle, largest_angle, batch, generator)
    # The grid maps points of the result to points of the face, so enlarging the face means dividing coordinates.
    zoom = 1 / _uniform(n, 1 - augmentation.scale, 1 + augmentation.scale, batch, generator)
    flip_sign = torch.where(_uniform(n, 0, 1, batch, generator) < augmentation.flip, -1.0, 1.0)
    # Grid coordinates run from -1 to 1 over a face, so a shift by its whole side is 2.
    shift_x = _uniform(n, -2 * augmentation.shift, 2 * augmentation.shift, batch, generator)
    shift_y = _uniform(n, -2 * augmentation.shift, 2 * augmentation.shift, batch, generator)
    height, width = batch.shape[2:]
    crop_height, crop_width = augmentation.crop or height, augmentation.crop or width
    cosine, sine = zoom * angle.cos(), zoom * angle.sin()
    # The crop's own coordinates also run from -1 to 1. Multiplied by crop side / face side, they become coordinates
    # of the face.
    share_x, share_y = crop_width / width, crop_height / height
    row_x = [flip_sign * cosine * share_x, -sine * share_y, shift_x]
    row_y = [flip_sign * sine * share_x, cosine * share_y, shift_y]
    theta = torch.stack(row_x + row_y, dim=1).reshape(n, 2, 3)
    return functional.grid_sample(
        batch, _grid(theta, crop_height, crop_width), mode="bilinear", padding_mode="border", align_corners=False
    )


def _grid(theta: Tensor, height: int, width: int) -> Tensor:
    """Return the sampling grid of each affine map: (n, 2, 3) -> (n, height, width, 2).

    The grid equals that of `torch.nn.functional.affine_grid` with `align_corners=False`. Torch's function takes six
    times as long on a CPU, because it multiplies matrices of three columns.
    """
    grid = theta.new_empty(len(theta), height, width, 2)
    x, y = ((2 * torch.arange(side, device=theta.device) + 1) / side - 1 for side in (width, height))
    for axis in (0, 1):
        across, down, start = (part[:, None] for part in theta[:, axis].unbind(dim=1))
        torch.add((across * x)[:, None, :], (down * y + start)[:, :, None], out=grid[..., axis])
    return grid


def _lighting(batch: Tensor, augmentation: Augmentation, generator: torch.Generator) -> Tensor:
    if not (augmentation.brightness or augmentation.contrast):
        return batch
    n = len(batch)
    contrast = _uniform(n, 1 - augmentation.contrast, 1 + augmentation.contrast, batch, generator).view(n, 1, 1, 1)
    brightness = _uniform(n, -augmentation.brightness, augmentation.brightness, batch, generator).view(n, 1, 1, 1)
    mean = batch.mean(dim=(1, 2, 3), keepdim=True)
    return ((batch - mean) * contrast + mean + brightness).clamp(0, 1)


def _erase(batch: Tensor, probability: float, generator: torch.Generator) -> Tensor:
    if not probability:
        return batch
    n, _, height, width = batch.shape
    chosen = _uniform(n, 0, 1, batch, generator) < probability
    area = _uniform(n, 0.02, 0.2, batch, generator)
    ratio = _uniform(n, math.log(0.4), math.log(2.5), batch, generator).exp()
    half_height, half_width = (area * ratio).sqrt() / 2 * height, (area / ratio).sqrt() / 2 * width
    middle_y, middle_x = _uniform(n, 0, height, batch, generator), _uniform(n, 0, width, batch, generator)
    y = torch.arange(height, device=batch.device)
    x = torch.arange(width, device=batch.device)
    inside_y = (y - middle_y[:, None]).abs() < half_height[:, None]  # (n, h)
    inside_x = (x - middle_x[:, None]).abs() < half_width[:, None]  # (n, w)
    erased = inside_y[:, :, None] & inside_x[:, None, :] & chosen[:, None, None]  # (n, h, w)
    gray_levels = _uniform(n, 0, 1, batch, generator).view(n, 1, 1, 1)
    return torch.where(erased[:, None], gray_levels, batch)


def mixup_batch(batch: Tensor, targets: Tensor, alpha: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Mix each image and its targets with those of another image of the batch (Zhang et al. 2018, "mixup").

    (n, 1, h, w) float and (n, classes) float -> tensors of these shapes. Each image keeps a share, and the other image
    has the rest. The share is drawn from Beta(alpha, alpha), once per batch. Alpha 0 changes nothing.
    """
    if not alpha:
        return batch, targets
    # Torch's public Beta sampler accepts no generator. NumPy therefore draws the share, with a seed from the generator.
    seed = int(torch.randint(2**31, (1,), generator=generator))
    share = float(np.random.default_rng(seed).beta(alpha, alpha))
    order = torch.randperm(len(batch), generator=generator).to(batch.device)
    return torch.lerp(batch[order], batch, share), torch.lerp(targets[order], targets, share)
