"""Memory that is free goes back to the system."""

import gc
import sys
import threading
import weakref
from pathlib import Path

import numpy as np
import pytest

from core.runtime.memory import freeze_loaded, give_back


class Ring:
    """Something large that only a full collection finds."""

    def __init__(self) -> None:
        self.itself = self
        self.bytes = np.ones(1_000_000, np.uint8)


def test_cycles_are_collected():
    ring = weakref.ref(Ring())
    give_back()
    assert ring() is None


def test_what_is_frozen_is_not_gone_through_and_later_cycles_are_collected():
    kept = Ring()
    freeze_loaded()
    try:
        assert not any(known is kept for known in gc.get_objects())
        later = weakref.ref(Ring())
        give_back()
        assert later() is None
    finally:
        gc.unfreeze()


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and glibc")
def test_what_threads_have_freed_goes_back():
    def resident_mb() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

    def work(together: threading.Barrier) -> None:
        kept = [bytearray(50_000) for _ in range(200)]  # 10 MB in small pieces
        last = bytearray(60_000)  # keeps the pool from shrinking by itself
        kept.clear()
        together.wait()
        together.wait()
        del last

    together = threading.Barrier(9)
    threads = [threading.Thread(target=work, args=(together,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    together.wait()
    before = resident_mb()
    give_back()
    assert resident_mb() < before - 40
    together.wait()
    for thread in threads:
        thread.join()
