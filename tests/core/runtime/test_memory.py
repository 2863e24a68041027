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


def test_release_memory_collects_reference_cycles():
    cycle = weakref.ref(LargeCycle())
    release_memory()
    assert cycle() is None


def test_freeze_loaded_excludes_existing_objects_from_collection_but_not_later_ones():
    frozen = LargeCycle()
    freeze_loaded()
    try:
        assert not any(tracked is frozen for tracked in gc.get_objects())
        later = weakref.ref(LargeCycle())
        release_memory()
        assert later() is None
    finally:
        gc.unfreeze()


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and glibc")
def test_release_memory_returns_memory_freed_by_threads_to_the_system():
    def resident_mb() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

    def allocate_and_free(barrier: threading.Barrier) -> None:
        blocks = [bytearray(50_000) for _ in range(200)]  # 10 MB in small blocks
        last = bytearray(60_000)  # prevents glibc from returning the freed blocks by itself
        blocks.clear()
        barrier.wait()  # all threads have freed their blocks
        barrier.wait()  # the memory has been measured
        del last

    barrier = threading.Barrier(9)  # eight threads and this one
    threads = [threading.Thread(target=allocate_and_free, args=(barrier,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    barrier.wait()
    before = resident_mb()
    release_memory()
    assert resident_mb() < before - 40  # the threads have freed 80 MB
    barrier.wait()
    for thread in threads:
        thread.join()
