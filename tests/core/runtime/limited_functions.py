"""Functions that test_limited.py calls in a process of its own."""

import ctypes
import os
import time
from pathlib import Path
from typing import Any

from core.exceptions import InputError


def facts(content: bytes, options: dict[str, Any]) -> dict[str, Any]:
    print("a library prints something")
    return {
        "length": len(content),
        "options": options,
        "folder": [str(path) for path in Path().iterdir()],
        "pid": os.getpid(),
    }


def refuse(content: bytes, options: dict[str, Any]) -> None:
    raise InputError(f"{content.decode()} cannot be used.")


def allocate(content: bytes, options: dict[str, Any]) -> int:
    return len(bytearray(options["bytes"]))


def compute(content: bytes, options: dict[str, Any]) -> None:
    while True:
        pass


def wait(content: bytes, options: dict[str, Any]) -> None:
    if "file" in options:
        Path(options["file"]).write_text(str(os.getpid()))
    time.sleep(600)


def read_nothing(content: bytes, options: dict[str, Any]) -> None:
    ctypes.string_at(0)


def abort(content: bytes, options: dict[str, Any]) -> None:
    os.abort()


def fail(content: bytes, options: dict[str, Any]) -> None:
    raise ZeroDivisionError
