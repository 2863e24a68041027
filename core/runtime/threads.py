"""Number of threads of the numerical libraries: torch, OpenCV, and the BLAS libraries of NumPy and SciPy."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Environment variables that the libraries read when they are loaded."""


def use_one_thread() -> None:
    """Limit the numerical libraries to one thread, in this process and in its child processes.

    This applies to libraries that are loaded already and to those loaded later. One face is too little work to share
    among threads. Extra threads would compete with other visitors for cores, and BLAS threads keep a core busy even
    while they wait.
    """
    os.environ.update(dict.fromkeys(VARIABLES, "1"))
    _limit_loaded()


def _limit_loaded() -> None:
    import cv2
    from threadpoolctl import threadpool_limits

    cv2.setNumThreads(1)
    threadpool_limits(1)
    if torch := sys.modules.get("torch"):  # if it is imported later, it reads the variables
        torch.set_num_threads(1)


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit the numerical libraries to one thread inside the `with` block, then restore their numbers of threads."""
    import cv2
    import torch
    from threadpoolctl import threadpool_limits

    before = cv2.getNumThreads(), torch.get_num_threads()
    with threadpool_limits(1):  # on exit, restores the BLAS libraries
        try:
            _limit_loaded()
            yield
        finally:
            cv2.setNumThreads(before[0])
            torch.set_num_threads(before[1])
