"""Random and damaged files end in an image or in a sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exceptions import InputError
from core.vision.images import decode_image
from tests.fixtures.pictures import heic, small_files

FILES = small_files() | {"HEIC": heic("astronaut")}
STARTS = tuple(data[:32] for data in FILES.values())

pytestmark = [pytest.mark.property, pytest.mark.case("p1", "p4")]


def check(data: bytes) -> None:
    try:
        image = decode_image(data)
    except InputError as error:
        assert len(str(error)) <= 300 and str(error).endswith(".")
    else:
        assert image.ndim == 3 and image.shape[2] == 3 and image.dtype == np.uint8 and image.size


@given(st.binary(max_size=400))
def test_random_bytes(data):
    check(data)


@given(st.sampled_from(STARTS), st.binary(max_size=400))
def test_random_bytes_after_the_start_of_a_valid_file(start, data):
    check(start + data)


@given(st.sampled_from(sorted(FILES)), st.data())
def test_valid_files_with_changed_bytes(name, draw):
    data = bytearray(FILES[name])
    # half of the changes are in the first 200 bytes, where the headers are
    position = st.one_of(st.integers(0, min(199, len(data) - 1)), st.integers(0, len(data) - 1))
    for place, value in draw.draw(st.lists(st.tuples(position, st.integers(0, 255)), min_size=1, max_size=8)):
        data[place] = value
    check(bytes(data))


@given(st.sampled_from(sorted(FILES)), st.data())
def test_valid_files_that_end_early_or_have_a_part_twice(name, draw):
    data = FILES[name]
    start, end = sorted(draw.draw(st.tuples(st.integers(0, len(data)), st.integers(0, len(data)))))
    check(data[:end] + data[start:] if draw.draw(st.booleans()) else data[:start])
