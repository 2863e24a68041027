"""The process that `core.runtime.limited` starts: it calls one function with a foreign content, under limits.

Call: `python -m core.runtime.limited_child REQUEST`. The request is JSON, the content comes through standard input, and
the answer goes to standard output as JSON.
"""

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from core.exceptions import InputError

NICENESS = 10
"""The process gives way to pages and cameras."""

PR_SET_PDEATHSIG = 1
"""Linux's number of the setting that a process ends with its parent."""


def main(request: dict[str, Any]) -> None:
    """Import the libraries, set the limits, call the function, and write the answer."""
    answers = _take_stdout()
    _end_with(request["parent"])
    for library in request["libraries"]:
        importlib.import_module(library)
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)
    content = sys.stdin.buffer.read()
    function = _function(request["function"])
    _limit(request["memory_bytes"], request["cpu_s"])
    try:
        answer = {"result": function(content, request["options"])}
    except InputError as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"failed": "memory"}
    with os.fdopen(answers, "w", encoding="utf-8") as output:
        json.dump(answer, output)
    os._exit(0)  # without the clean-up, in which libraries could crash after the answer


def _take_stdout() -> int:
    """Return a copy of standard output for the answer; what libraries print goes to standard error instead."""
    answers = os.dup(1)
    os.dup2(2, 1)
    return answers


def _end_with(parent: int) -> None:
    """Let Linux kill this process when its parent ends. Elsewhere, the limits of time end it."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call above
        os._exit(1)


def _function(name: str) -> Callable[[bytes, dict[str, Any]], Any]:
    module, _, attribute = name.partition(":")
    function: Callable[[bytes, dict[str, Any]], Any] = getattr(importlib.import_module(module), attribute)
    return function


def _limit(memory_bytes: int, cpu_s: int) -> None:
    """Limit the memory beyond what is reserved already, and the processor time. Windows has no such limits."""
    with suppress(ImportError, OSError, ValueError):  # ValueError if a lower limit is set already
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
        memory = Path("/proc/self/statm")
        if memory.exists():
            reserved = int(memory.read_text().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (reserved + memory_bytes,) * 2)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
