"""Call a function with a foreign content in a process of its own, with limited memory and time.

The readers of some formats are written in C++. A damaged or hostile file can make them crash, take all memory or never
end. Then only that process ends.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core import paths
from core.exceptions import InputError
from core.runtime.threads import VARIABLES

Cause = Literal["memory", "time", "crash"]

_CAUSES: dict[int, Cause] = {24: "time", 9: "memory"}
"""Number of a signal -> what it means: SIGXCPU ends the processor time, and Linux sends SIGKILL if memory is short."""


@dataclass(frozen=True)
class Limits:
    """What the process may use."""

    memory_bytes: int = 2_000_000_000
    """Memory beyond what the libraries have reserved."""
    cpu_s: int = 60
    """Seconds of processor time, which do not depend on what else the machine does."""
    wall_s: int = 240
    """Seconds after which the process is killed, even if it only waits."""


class LimitError(Exception):
    """Raised if the process has ended without an answer."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause)
        self.cause: Cause = cause


def run_limited(
    function: str,
    content: bytes,
    options: Mapping[str, Any],
    libraries: Sequence[str] = (),
    limits: Limits | None = None,
) -> Any:
    """Return the result of a function, such as `package.module:function`, in a new process.

    The function gets the content and the options; the options and its result are JSON values. The memory of the
    `libraries` does not count. The working directory is an empty folder. Raises the function's InputError, and
    LimitError if the process crashes or needs too much memory or time.
    """
    limits = limits or Limits()
    request = {
        "function": function,
        "options": options,
        "libraries": list(libraries),
        "memory_bytes": limits.memory_bytes,
        "cpu_s": limits.cpu_s,
        "parent": os.getpid(),
    }
    with tempfile.TemporaryDirectory() as folder:
        output, code = _run(json.dumps(request), content, folder, limits.wall_s)
    return _result(output, code)


def _run(request: str, content: bytes, folder: str, wall_s: float) -> tuple[bytes, int]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "core.runtime.limited_child", request],
        cwd=folder,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl+C reaches this process alone, which then kills the other one
    )
    try:
        output, _ = process.communicate(content, timeout=wall_s)
    except subprocess.TimeoutExpired as error:
        raise LimitError("time") from error
    finally:
        process.kill()
        process.communicate()
    return output, process.returncode


def _environment() -> dict[str, str]:
    """Return the variables of this process, changed so that the other one finds `core` and uses one thread."""
    python_path = os.pathsep.join(filter(None, [str(paths.ROOT), os.environ.get("PYTHONPATH")]))
    return os.environ | {"PYTHONPATH": python_path} | dict.fromkeys(VARIABLES, "1")


def _result(output: bytes, code: int) -> Any:
    if code != 0:
        raise LimitError(_CAUSES.get(-code, "crash"))
    answer = json.loads(output)
    if "refused" in answer:
        raise InputError(answer["refused"])
    if "failed" in answer:
        raise LimitError(answer["failed"])
    return answer["result"]
