"""Garbage collection, and returning free memory to the system."""

import ctypes
import gc
import sys


def freeze_loaded() -> None:
    """Exclude everything loaded so far from garbage collection.

    Scanning it would stop all threads, for a quarter of a second with the libraries and models of the Live page.
    """
    gc.collect()
    gc.freeze()


def release_memory() -> None:
    """Collect garbage and return free memory to the system (the latter only with glibc).

    Python's collector counts objects, not bytes, so a few objects of many megabytes can wait for hours. glibc keeps one
    memory pool per thread, and other threads cannot use what is free in it.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # absent in musl
        if trim is not None:
            trim(0)
