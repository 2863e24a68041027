"""Each corruption: the same shape, the same damage under the same seed, more of it at a higher strength."""

import numpy as np
import pytest

from core.benchmarks.corruptions import CORRUPTIONS, STRENGTHS, corrupt
from core.exceptions import InputError
from core.vision.warp import warp
from tests.fixtures.synthetic import draw_face

FACES = np.stack([draw_face(seed) for seed in range(6)])


def distance(name: str, strength: int) -> float:
    return float(np.abs(corrupt(FACES, name, strength, seed=1).astype(float) - FACES).mean())


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_shape_and_type_stay_and_the_input_is_untouched(name):
    before = FACES.copy()
    for strength in (0, *STRENGTHS):
        damaged = corrupt(FACES, name, strength, seed=0)
        assert damaged.shape == FACES.shape and damaged.dtype == np.uint8
    assert np.array_equal(FACES, before)
    assert corrupt(FACES[:0], name, 3, seed=0).shape == (0, 48, 48)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_strength_zero_changes_nothing_and_more_is_farther(name):
    distances = [distance(name, strength) for strength in (0, *STRENGTHS)]
    assert distances[0] == 0
    assert distances == sorted(distances) and len(set(distances)) == 6


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_seed_repeats_its_damage(name):
    assert np.array_equal(corrupt(FACES, name, 3, seed=5), corrupt(FACES, name, 3, seed=5))


def test_an_unknown_corruption_answers_with_the_known_ones():
    with pytest.raises(InputError, match="unknown corruption 'fog'; choose from brightness"):
        corrupt(FACES, "fog", 1, seed=0)


def test_a_quarter_turn_is_a_quarter_turn():
    turned = warp(FACES, np.full(6, 90.0), np.ones(6), np.zeros((6, 2)))
    assert np.array_equal(turned, np.rot90(FACES, axes=(1, 2)))


def test_a_shift_moves_right_and_down_and_repeats_the_border():
    moved = warp(FACES, np.zeros(6), np.ones(6), np.tile([3.0, 2.0], (6, 1)))
    assert np.array_equal(moved[:, 2:, 3:], FACES[:, :-2, :-3])
    assert np.array_equal(moved[:, 2:, 0], FACES[:, :-2, 0])
