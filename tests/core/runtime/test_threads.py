"""Number of threads of the numerical libraries."""

import cv2
import numpy as np  # loads a BLAS library
import pytest
import torch
from threadpoolctl import threadpool_info

from core.runtime.threads import one_thread


def thread_counts() -> list[int]:
    """Return the number of threads of OpenCV, torch and each BLAS library."""
    assert np.dot(np.eye(2), np.eye(2)).trace() == 2  # BLAS is loaded and works
    blas = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    return [cv2.getNumThreads(), torch.get_num_threads(), *blas]


@pytest.fixture
def two_threads():
    """Let OpenCV and torch use two threads during a test."""
    before = cv2.getNumThreads(), torch.get_num_threads()
    cv2.setNumThreads(2)
    torch.set_num_threads(2)
    yield
    cv2.setNumThreads(before[0])
    torch.set_num_threads(before[1])


def test_one_thread_limits_all_libraries_and_then_restores_their_numbers_of_threads(two_threads):
    before = thread_counts()
    assert before[:2] == [2, 2]
    with one_thread():
        assert len(thread_counts()) > 2
        assert set(thread_counts()) == {1}
    assert thread_counts() == before
