"""Garbage collection, the memory in use, and returning free memory to the system."""

import ctypes
import gc
import sys
from pathlib import Path


def resident_mb() -> float | None:
    """Return the resident memory of this process in MB (1,000,000 bytes); None if the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    kilobytes = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) * 1024 / 1e6


def freeze_loaded() -> None:
    """Exclude everything loaded so far from garbage collection.

    Each scan of these objects would stop all threads. With the Live page's libraries and models it takes 0.25 s.
    """
    gc.collect()
    gc.freeze()


def release_memory() -> None:
    """Collect garbage and return free memory to the system (the latter only with glibc).

    When Python collects garbage depends on the number of objects, not of bytes. So a few unused objects of many
    megabytes can stay in memory for hours. glibc keeps freed memory in several pools. Each thread uses only one of
    them, so it cannot reuse what other threads have freed in the others.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # does not exist in musl
        if trim is not None:
            trim(0)
