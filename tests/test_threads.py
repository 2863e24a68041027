"""How many threads the numerical libraries use."""

import cv2
import numpy as np  # its BLAS is what is counted
import torch
from threadpoolctl import threadpool_info

from core.threads import one_thread


def threads() -> list[int]:
    assert np.dot(np.eye(2), np.eye(2)).trace() == 2
    blas = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    return [cv2.getNumThreads(), torch.get_num_threads(), *blas]


def test_one_thread_for_a_while():
    before = threads()
    with one_thread():
        assert len(threads()) > 2
        assert set(threads()) == {1}
    assert threads() == before
