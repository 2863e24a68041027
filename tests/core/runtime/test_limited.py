"""A function in a process of its own ends at its limits, and this process goes on."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core import paths
from core.exceptions import InputError
from core.runtime.limited import LimitError, Limits, run_limited
from core.runtime.memory import resident_mb

FUNCTIONS = "tests.core.runtime.limited_functions"

needs_limits = pytest.mark.skipif(sys.platform != "linux", reason="the limits of memory and processor time need Linux")


def call(name: str, content: bytes = b"", options: dict[str, object] | None = None, **limits: int):
    return run_limited(f"{FUNCTIONS}:{name}", content, options or {}, limits=Limits(**limits))


def test_the_result_comes_back_and_what_is_printed_does_not():
    found = call("facts", b"x" * 1_000_000, {"order": ["ä", 1]})
    assert found["length"] == 1_000_000 and found["options"] == {"order": ["ä", 1]}
    assert found["folder"] == []
    assert found["pid"] != os.getpid()


def test_a_refusal_comes_back_as_the_same_sentence():
    with pytest.raises(InputError, match=r"^ä.onnx cannot be used\.$"):
        call("refuse", "ä.onnx".encode())


@needs_limits
def test_more_memory_than_allowed_is_refused_and_this_process_stays_small():
    before = resident_mb()
    with pytest.raises(LimitError) as caught:
        call("allocate", options={"bytes": 3_000_000_000}, memory_bytes=500_000_000)
    assert caught.value.cause == "memory"
    assert before is not None and (resident_mb() or 0) < before + 100
    assert call("allocate", options={"bytes": 300_000_000}, memory_bytes=500_000_000) == 300_000_000


@needs_limits
def test_an_endless_computation_ends_at_the_limit_of_processor_time():
    with pytest.raises(LimitError) as caught:
        call("compute", cpu_s=1)
    assert caught.value.cause == "time"


def test_an_endless_wait_ends_too():
    with pytest.raises(LimitError) as caught:
        call("wait", wall_s=2)
    assert caught.value.cause == "time"


@pytest.mark.parametrize("name", ["read_nothing", "abort", "fail"])
def test_a_crash_ends_only_the_other_process(name):
    with pytest.raises(LimitError) as caught:
        call(name)
    assert caught.value.cause == "crash"


def test_it_can_be_called_from_other_threads():
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda size: call("facts", bytes(size))["length"], (3, 5)))
    assert results == [3, 5]


@needs_limits
def test_the_process_ends_with_the_one_that_started_it(tmp_path: Path):
    file = tmp_path / "pid"
    code = f"from tests.core.runtime.test_limited import call; call('wait', options={{'file': {str(file)!r}}})"
    caller = subprocess.Popen([sys.executable, "-W", "ignore", "-c", code], cwd=paths.ROOT)
    wait_until(lambda: file.exists() and file.read_text() != "")
    child = int(file.read_text())
    assert is_running(child)
    caller.kill()
    caller.wait()
    wait_until(lambda: not is_running(child))


def wait_until(condition) -> None:
    """Wait until a condition holds; pytest's own time limit ends a wait that is too long."""
    while not condition():
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGCONT)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False
