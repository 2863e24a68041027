"""How the C library's memory allocator serves threads."""

import ctypes
import sys

M_ARENA_MAX = -8
"""`mallopt`'s name for the number of arenas (malloc.h of glibc)."""

ARENAS = 2


def use_few_arenas() -> None:
    """From here on, in the whole process: threads share two pools of memory. Only glibc has them; elsewhere nothing.

    By itself glibc opens a pool for each new thread, up to eight a core, and what lies free in one does not serve the
    others. Each webcam stream has threads of its own, so memory would grow by megabytes a stream.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)
