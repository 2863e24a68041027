"""Augmentation: the effects of its fields, reproducibility, and no change by default."""

import pytest
import torch
from torch.nn import functional

from core.classifiers.cnn.augment import _grid, augment
from core.classifiers.cnn.config import Augmentation


def seeded_generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def batch() -> torch.Tensor:
    """(16, 1, 48, 48): dark left half, bright right half."""
    faces = torch.full((16, 1, 48, 48), 0.2)
    faces[..., 24:] = 0.8
    return faces


def test_the_default_augmentation_changes_nothing(batch):
    assert torch.equal(augment(batch, Augmentation(), seeded_generator()), batch)


def test_all_changes_together_keep_shape_and_range(batch):
    strong = Augmentation(flip=0.5, shift=0.2, scale=0.3, rotation=30, brightness=0.5, contrast=0.5, erasing=1.0)
    changed = augment(batch, strong, seeded_generator())
    assert changed.shape == batch.shape
    assert changed.min() >= 0 and changed.max() <= 1


def test_only_the_same_seed_gives_the_same_faces(batch):
    augmentation = Augmentation(flip=0.5, rotation=10, erasing=0.5)
    first, again, other = (augment(batch, augmentation, seeded_generator(seed)) for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_a_flip_probability_of_1_mirrors_every_face(batch):
    assert torch.allclose(augment(batch, Augmentation(flip=1.0), seeded_generator()), batch.flip(-1), atol=1e-5)


@pytest.mark.parametrize("size", [(48, 48), (40, 44), (7, 5)])
def test_the_sampling_grid_equals_that_of_torch(size):
    theta = torch.randn(5, 2, 3, generator=seeded_generator())
    torch_grid = functional.affine_grid(theta, [5, 1, *size], align_corners=False)
    assert torch.allclose(_grid(theta, *size), torch_grid, atol=1e-5)


def test_a_shift_of_a_quarter_moves_faces_by_at_most_a_quarter(batch):
    changed = augment(batch, Augmentation(shift=0.25), seeded_generator())
    edges = (changed[:, 0, 24] > 0.5).float().argmax(dim=1)  # first bright column of the middle row
    assert edges.min() >= 24 - 13 and edges.max() <= 24 + 13  # a quarter is 12 columns; interpolation can add one
    assert len(edges.unique()) > 3


def test_pixels_outside_a_shrunk_face_repeat_its_border(batch):
    changed = augment(batch, Augmentation(scale=0.5), seeded_generator())
    assert torch.allclose(changed[:, 0, :, 0], torch.full((16, 48), 0.2), atol=1e-5)
    assert torch.allclose(changed[:, 0, :, -1], torch.full((16, 48), 0.8), atol=1e-5)


def test_an_erasing_probability_of_1_paints_over_at_most_20_percent_of_each_face():
    gray = torch.full((64, 1, 48, 48), 0.5)
    share = (augment(gray, Augmentation(erasing=1.0), seeded_generator()) != gray).float().mean(dim=(1, 2, 3))
    assert share.max() <= 0.21
    assert (share > 0).sum() >= 60  # a rectangle at the border can lie almost outside


def test_brightness_changes_all_pixels_of_a_face_equally(batch):
    change = augment(batch, Augmentation(brightness=0.1), seeded_generator()) - batch
    assert torch.allclose(change.amax(dim=(1, 2, 3)), change.amin(dim=(1, 2, 3)), atol=1e-6)
    assert change.abs().max() <= 0.1 + 1e-6
