"""How many pools of memory threads share."""

import subprocess
import sys
from pathlib import Path

import pytest

POOLS = """
import threading
from core.memory import use_few_arenas
if {few}:
    use_few_arenas()
together = threading.Barrier(12)
def work():
    kept = [bytearray(50_000) for _ in range(20)]
    together.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
import ctypes
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(b"{file}", b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


def pools(folder: Path, few: bool) -> int:
    """How many glibc has opened for twelve threads at once, by its own report."""
    report = folder / "report.xml"
    subprocess.run([sys.executable, "-c", POOLS.format(few=few, file=report)], check=True)
    return report.read_text().count("<heap nr=")


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc has pools")
def test_threads_share_two_pools(tmp_path):
    assert pools(tmp_path, few=True) <= 2 < pools(tmp_path, few=False)
