"""How many threads the numerical libraries use: torch, OpenCV, and the BLAS libraries of NumPy and SciPy."""

from collections.abc import Iterator
from contextlib import contextmanager


def use_one_thread() -> None:
    """From here on, in the whole process. Call it once everything that computes has been imported.

    One face is too little work to be split: each part waits for a thread that another session keeps busy, and BLAS
    threads that wait for their next product keep a whole core busy with waiting.
    """
    import cv2
    import torch
    from threadpoolctl import threadpool_limits

    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    threadpool_limits(1)


@contextmanager
def one_thread() -> Iterator[None]:
    """While a time is measured; afterwards as many as before."""
    import cv2
    import torch
    from threadpoolctl import threadpool_limits

    before = cv2.getNumThreads(), torch.get_num_threads()
    with threadpool_limits(1):  # gives BLAS its threads back
        try:
            use_one_thread()
            yield
        finally:
            cv2.setNumThreads(before[0])
            torch.set_num_threads(before[1])
