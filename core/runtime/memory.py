"""Memory that has been used and is free again, and memory that stays."""

import ctypes
import gc
import sys


def freeze_loaded() -> None:
    """Take what has been loaded by now out of the garbage collector's sight: it stays for good.

    Going through it stops all threads, for a quarter of a second with the libraries and models of the Live page.
    """
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Collect what Python has left, and return free memory to the system; the latter where the C library is glibc.

    Python's own collector counts objects, not bytes, and comes hours too late for a few that hold megabytes. And glibc
    has a pool of memory for each of many threads, which keeps what lies free in it from all others.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
