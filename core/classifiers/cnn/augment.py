"""Random changes to a batch of faces that keep their expression. All functions take and return tensors."""

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from core.classifiers.cnn.config import Augmentation


def augment(batch: Tensor, amount: Augmentation, generator: torch.Generator) -> Tensor:
    """Change each face at random: (n, 1, h, w) float in 0..1 -> the same range.

    The shape stays the same, unless `amount.crop` is set. Then it is (n, 1, crop, crop).
    """
    batch = _affine(batch, amount, generator)
    batch = _lighting(batch, amount, generator)
    return _erase(batch, amount.erasing, generator)


def _uniform(n: int, low: float, high: float, like: Tensor, generator: torch.Generator) -> Tensor:
    # Drawn on the CPU, so that a seed gives the same numbers on every device.
    return (torch.rand(n, generator=generator) * (high - low) + low).to(like.device)


def _affine(batch: Tensor, amount: Augmentation, generator: torch.Generator) -> Tensor:
    """Flip, rotate, scale and shift in one resampling. The border is replicated, as in `crop_face`."""
    if not (amount.flip or amount.shift or amount.scale or amount.rotation or amount.crop):
        return batch
    n = len(batch)
    largest_angle = amount.rotation * math.pi / 180
    angle = _uniform(n, -largest_angle, largest_angle, batch, generator)
    zoom = 1 / _uniform(n, 1 - amount.scale, 1 + amount.scale, batch, generator)
    flip_sign = torch.where(_uniform(n, 0, 1, batch, generator) < amount.flip, -1.0, 1.0)
    # The grid runs from -1 to 1, so a shift by the whole side is 2.
    shift_x = _uniform(n, -2 * amount.shift, 2 * amount.shift, batch, generator)
    shift_y = _uniform(n, -2 * amount.shift, 2 * amount.shift, batch, generator)
    height, width = batch.shape[2:]
    crop_height, crop_width = amount.crop or height, amount.crop or width
    cosine, sine = zoom * angle.cos(), zoom * angle.sin()
    # The grid of the crop also runs from -1 to 1, so it is scaled by the crop's share of the face.
    x, y = crop_width / width, crop_height / height
    rows = [flip_sign * cosine * x, -sine * y, shift_x, flip_sign * sine * x, cosine * y, shift_y]
    theta = torch.stack(rows, dim=1).reshape(n, 2, 3)
    return functional.grid_sample(
        batch, _grid(theta, crop_height, crop_width), mode="bilinear", padding_mode="border", align_corners=False
    )


def _grid(theta: Tensor, height: int, width: int) -> Tensor:
    """Return the sampling grid of each affine map: (n, 2, 3) -> (n, height, width, 2).

    Equals `torch.nn.functional.affine_grid` with `align_corners=False`, which takes six times as long on a CPU because
    it multiplies matrices of three columns.
    """
    grid = theta.new_empty(len(theta), height, width, 2)
    x, y = ((2 * torch.arange(side, device=theta.device) + 1) / side - 1 for side in (width, height))
    for axis in (0, 1):
        across, down, start = (part[:, None] for part in theta[:, axis].unbind(dim=1))
        torch.add((across * x)[:, None, :], (down * y + start)[:, :, None], out=grid[..., axis])
    return grid


def _lighting(batch: Tensor, amount: Augmentation, generator: torch.Generator) -> Tensor:
    if not (amount.brightness or amount.contrast):
        return batch
    n = len(batch)
    factor = _uniform(n, 1 - amount.contrast, 1 + amount.contrast, batch, generator).view(n, 1, 1, 1)
    level = _uniform(n, -amount.brightness, amount.brightness, batch, generator).view(n, 1, 1, 1)
    mean = batch.mean(dim=(1, 2, 3), keepdim=True)
    return ((batch - mean) * factor + mean + level).clamp(0, 1)


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
    hole = inside_y[:, :, None] & inside_x[:, None, :] & chosen[:, None, None]  # (n, h, w)
    gray_levels = _uniform(n, 0, 1, batch, generator).view(n, 1, 1, 1)
    return torch.where(hole[:, None], gray_levels, batch)


def mixup_batch(batch: Tensor, targets: Tensor, alpha: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Mix each image and its targets with another image of the batch (Zhang et al. 2018, "mixup").

    (n, 1, h, w) float and (n, classes) float -> the same shapes. One share per batch is drawn from Beta(alpha, alpha).
    Alpha 0 changes nothing.
    """
    if not alpha:
        return batch, targets
    # Only torch's private sampler draws gamma variates from a generator. NumPy draws the share, with a seed from it.
    seed = int(torch.randint(2**31, (1,), generator=generator))
    share = float(np.random.default_rng(seed).beta(alpha, alpha))
    order = torch.randperm(len(batch), generator=generator).to(batch.device)
    return torch.lerp(batch[order], batch, share), torch.lerp(targets[order], targets, share)
