"""Maps are drawn over the face, and their strongest regions are named."""

import numpy as np
import pytest

from core.colors import rgb
from core.evaluation.attribution.pictures import OPACITY, OPPOSES, SUPPORTS, overlay, relative
from core.evaluation.attribution.regions import REGIONS, strongest

GRAY = np.full((48, 48), 100, np.uint8)


def map_with(support=None, opposition=None):
    """Return a map with one region of 16 x 16 pixels for the label and one against it, by their numbers."""
    values = np.zeros((48, 48), np.float32)
    for region, value in ((support, 2.0), (opposition, -1.0)):
        if region is not None:
            top, left = 16 * (region // 3), 16 * (region % 3)
            values[top : top + 16, left : left + 16] = value
    return values


def test_the_strongest_pixel_has_the_colour_of_its_sign():
    drawn = overlay(GRAY, map_with(0, 8)).astype(float)
    assert drawn.shape == (240, 240, 3)
    expected = 100 + (np.array(rgb(SUPPORTS)) - 100) * OPACITY
    assert drawn[40, 40] == pytest.approx(expected, abs=1)
    weaker = 100 + (np.array(rgb(OPPOSES)) - 100) * OPACITY / 2
    assert drawn[200, 200] == pytest.approx(weaker, abs=1)
    assert drawn[120, 120] == pytest.approx([100, 100, 100], abs=1)


@pytest.mark.parametrize("side", [1, 48, 96])
def test_a_drawing_has_the_given_side(side):
    drawn = overlay(GRAY, map_with(4), side)
    assert drawn.shape == (side, side, 3)
    assert drawn.dtype == np.uint8


def test_a_map_of_zeros_shows_the_face_alone():
    np.testing.assert_array_equal(overlay(GRAY, map_with(), 48), np.full((48, 48, 3), 100))
    assert not relative(map_with()).any()


def test_a_read_only_face_can_be_drawn():
    face = np.frombuffer(GRAY.tobytes(), np.uint8).reshape(48, 48)
    assert overlay(face, map_with(1)).any()


@pytest.mark.parametrize("region", range(9))
def test_the_strongest_regions_are_named(region):
    support, opposition = strongest(map_with(region, 8 - region) if region != 4 else map_with(4))
    assert support == (REGIONS[region], 1.0)
    assert opposition == ((REGIONS[8 - region], 1.0) if region != 4 else (None, 0.0))


def test_a_region_has_its_share_of_all_that_speaks_for_the_label():
    values = map_with(0) + map_with(1) / 2
    assert strongest(values)[0] == ("top left", pytest.approx(2 / 3))


def test_a_map_of_zeros_names_no_region():
    assert strongest(map_with()) == ((None, 0.0), (None, 0.0))
