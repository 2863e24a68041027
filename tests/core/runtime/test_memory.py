"""Garbage collection, and returning free memory to the system."""

import gc
import sys
import threading
import weakref
from pathlib import Path

import numpy as np
import pytest

from core.runtime.memory import freeze_loaded, release_memory


class LargeCycle:
    """A large object that refers to itself, so that only the garbage collector can free it."""

    def __init__(self) -> None:
        self.itself = self
        self.bytes = np.ones(1_000_000, np.uint8)


def test_reference_cycles_are_collected():
    cycle = weakref.ref(LargeCycle())
    release_memory()
    assert cycle() is None


def test_frozen_objects_are_excluded_and_later_cycles_are_collected():
    kept = LargeCycle()
    freeze_loaded()
    try:
        assert not any(known is kept for known in gc.get_objects())
        later = weakref.ref(LargeCycle())
        release_memory()
        assert later() is None
    finally:
        gc.unfreeze()


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and glibc")
def test_memory_freed_by_threads_is_returned_to_the_system():
    def resident_mb() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

    def allocate_and_free(barrier: threading.Barrier) -> None:
        kept = [bytearray(50_000) for _ in range(200)]  # 10 MB in small pieces
        last = bytearray(60_000)  # keeps the thread's pool from shrinking by itself
        kept.clear()
        barrier.wait()
        barrier.wait()
        del last

    barrier = threading.Barrier(9)
    threads = [threading.Thread(target=allocate_and_free, args=(barrier,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    barrier.wait()
    before = resident_mb()
    release_memory()
    assert resident_mb() < before - 40
    barrier.wait()
    for thread in threads:
        thread.join()
