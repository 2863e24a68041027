"""Run the command `video` for the server, and end with it: `python -m dashboard.films.reader [options of video]`.

The server holds the other end of the standard input. If the server is killed, the input ends, and so does this process.
"""

import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

from core.__main__ import main as run_command
from core.runtime.streams import prepare_streams

MAX_MEMORY_BYTES = 6_000_000_000
"""Memory that the process may reserve. It is limited because a small hostile file can claim millions of frames.

The libraries reserve about half of it, and use a tenth of that. The rest is more than films of 40 megapixels need.
"""

SERVER_ENDED = 1
"""Exit code if the server has ended."""


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    _limit_memory()
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    return run_command(["video", *arguments])


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError):  # Windows has no limits; others may be lower already
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def _end_with_the_server() -> None:
    # Not sys.stdin: a thread that waits in its buffer would be an error at the normal end of the process.
    while os.read(0, 1):
        pass
    os._exit(SERVER_ENDED)


if __name__ == "__main__":
    prepare_streams()
    sys.exit(main(sys.argv[1:]))
