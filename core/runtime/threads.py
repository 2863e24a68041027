"""How many threads the numerical libraries use: torch, OpenCV, and the BLAS libraries of NumPy and SciPy."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""What libraries read when they are loaded."""


def use_one_thread() -> None:
    """From here on, in the whole process and in those that it starts: in libraries that are loaded, and that will be.

    One face is too little work to be split: each part waits for a thread that another session keeps busy, and BLAS
    threads that wait for their next product keep a whole core busy with waiting.
    """
    os.environ.update(dict.fromkeys(VARIABLES, "1"))
    _limit_loaded()


def _limit_loaded() -> None:
    import cv2
    from threadpoolctl import threadpool_limits

    cv2.setNumThreads(1)
    threadpool_limits(1)
    if torch := sys.modules.get("torch"):  # loading it would take seconds, and it reads the variables then
        torch.set_num_threads(1)


@contextmanager
def one_thread() -> Iterator[None]:
    """While a time is measured; afterwards as many as before."""
    import cv2
    import torch
    from threadpoolctl import threadpool_limits

    before = cv2.getNumThreads(), torch.get_num_threads()
    with threadpool_limits(1):  # gives BLAS its threads back
        try:
            _limit_loaded()
            yield
        finally:
            cv2.setNumThreads(before[0])
            torch.set_num_threads(before[1])
