"""Corruptions of faces: shape, strength and seed. Also the rotation and shift of `warp`."""

import numpy as np
import pytest

from core.benchmarks.corruptions import CORRUPTIONS, STRENGTHS, corrupt
from core.exceptions import InputError
from core.vision.warp import warp
from tests.fixtures.synthetic import draw_face

FACES = np.stack([draw_face(seed) for seed in range(6)])


def mean_difference(name: str, strength: int) -> float:
    """Return the mean absolute difference between corrupted and original gray levels."""
    return float(np.abs(corrupt(FACES, name, strength, seed=1).astype(float) - FACES).mean())


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_corrupt_leaves_its_input_unchanged_and_returns_the_same_shape_and_dtype_even_for_zero_faces(name):
    before = FACES.copy()
    for strength in (0, *STRENGTHS):
        corrupted = corrupt(FACES, name, strength, seed=0)
        assert corrupted.shape == FACES.shape and corrupted.dtype == np.uint8
    assert np.array_equal(FACES, before)
    assert corrupt(FACES[:0], name, 3, seed=0).shape == (0, 48, 48)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_strength_zero_changes_nothing_and_each_higher_strength_changes_more(name):
    differences = [mean_difference(name, strength) for strength in (0, *STRENGTHS)]
    assert differences[0] == 0
    assert differences == sorted(differences) and len(set(differences)) == 6


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_the_same_seed_gives_the_same_corrupted_faces(name):
    assert np.array_equal(corrupt(FACES, name, 3, seed=5), corrupt(FACES, name, 3, seed=5))


def test_the_error_for_an_unknown_corruption_lists_the_known_ones():
    with pytest.raises(InputError, match="unknown corruption 'fog'; choose from brightness"):
        corrupt(FACES, "fog", 1, seed=0)


def test_warp_rotates_counterclockwise():
    rotated = warp(FACES, np.full(6, 90.0), np.ones(6), np.zeros((6, 2)))
    assert np.array_equal(rotated, np.rot90(FACES, axes=(1, 2)))


def test_warp_shifts_right_and_down_and_replicates_the_left_edge():
    shifted = warp(FACES, np.zeros(6), np.ones(6), np.tile([3.0, 2.0], (6, 1)))
    assert np.array_equal(shifted[:, 2:, 3:], FACES[:, :-2, :-3])
    assert np.array_equal(shifted[:, 2:, 0], FACES[:, :-2, 0])
