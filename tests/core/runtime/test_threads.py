"""How many threads the numerical libraries use."""

import cv2
import numpy as np  # its BLAS is what is counted
import pytest
import torch
from threadpoolctl import threadpool_info

from core.runtime.threads import one_thread


def threads() -> list[int]:
    assert np.dot(np.eye(2), np.eye(2)).trace() == 2
    blas = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    return [cv2.getNumThreads(), torch.get_num_threads(), *blas]


@pytest.fixture
def two_threads():
    """Two, until the test is over."""
    before = cv2.getNumThreads(), torch.get_num_threads()
    cv2.setNumThreads(2)
    torch.set_num_threads(2)
    yield
    cv2.setNumThreads(before[0])
    torch.set_num_threads(before[1])


def test_one_thread_for_a_while(two_threads):
    before = threads()
    assert before[:2] == [2, 2]
    with one_thread():
        assert len(threads()) > 2
        assert set(threads()) == {1}
    assert threads() == before
