"""Garbage collection, the memory in use, and returning free memory to the system."""

import ctypes
import gc
import sys
from pathlib import Path

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""glibc's numbers of two parameters of `mallopt`."""

KEPT_BYTES = 64 * 1024**2


def resident_mb() -> float | None:
    """Return the resident memory of this process in MB (1,000,000 bytes); None if the system does not tell."""
    return _status_mb("VmRSS")


def peak_mb() -> float | None:
    """Return the largest resident memory so far of this process, in MB; None if the system does not tell."""
    return _status_mb("VmHWM")


def _status_mb(field: str) -> float | None:
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    kilobytes = next((line.split()[1] for line in status.read_text().splitlines() if line.startswith(field)), None)
    return None if kilobytes is None else int(kilobytes) * 1024 / 1e6


def freeze_loaded() -> None:
    """Exclude everything loaded so far from garbage collection.

    Each scan of these objects would stop all threads. With the Live page's libraries and models it takes 0.25 s.
    """
    gc.collect()
    gc.freeze()


def keep_freed_memory() -> None:
    """Let glibc keep up to 64 MB of freed memory per pool for the next allocation, instead of returning it at once.

    Code that allocates and frees megabytes for each image would otherwise get new pages from the system each time,
    which takes a quarter of the time of a face search. `release_memory` still returns all of it.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):  # does not exist in musl
        mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)
        mallopt(M_MMAP_THRESHOLD, KEPT_BYTES // 2)


def release_memory() -> None:
    """Collect garbage and return free memory to the system (the latter only with glibc).

    When Python collects garbage depends on the number of objects, not of bytes. So a few unused objects of many
    megabytes can stay in memory for hours. glibc keeps freed memory in several pools. Each thread uses only one of
    them, so it cannot reuse what other threads have freed in the others.
    """
    gc.collect()
    return_freed_memory()


def return_freed_memory() -> None:
    """Return free memory to the system, in every pool of glibc; do nothing on other systems. It takes milliseconds."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # does not exist in musl
        if trim is not None:
            trim(0)
