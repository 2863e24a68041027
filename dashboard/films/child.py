"""The process that reads one film, apart from the app: damaged and hostile films can only end the process."""

import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from core import paths
from core.video.files.progress import FilmProgress
from dashboard.films import progress

NICENESS = 10
"""The process gives way to the pages, to cameras and to other programs of the machine."""

NOTES_KEPT = 50
"""Lines of the process's error output, other than progress, that are kept for the server's log."""

LONGEST_LINE = 10_000
"""Longer lines are read in parts."""

KILL_AFTER_S = 5.0
"""Seconds that a process has to end after it was asked to, before it is killed."""

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has no SIGKILL


class FilmProcess:
    """A running command that reads a film. Its standard output goes to a file."""

    def __init__(self, command: Sequence[str], output: Path, clock: Callable[[], float]) -> None:
        self.progress: FilmProgress | None = None
        """The newest progress; None before the first."""
        self._clock = clock
        self._asked_to_end_s: float | None = None
        self._notes: deque[str] = deque(maxlen=NOTES_KEPT)
        with output.open("wb") as file:
            # A session of its own, so that a signal reaches the process together with those that it has started.
            self._process = subprocess.Popen(
                command,
                cwd=paths.ROOT,
                stdin=subprocess.PIPE,  # it ends with this server; see dashboard/films/reader.py
                stdout=file,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        self._lower_priority()
        lines = self._process.stderr
        self._reader = threading.Thread(target=self._read_lines, args=(lines,), name="film-progress", daemon=True)
        self._reader.start()

    def _lower_priority(self) -> None:
        if hasattr(os, "setpriority"):  # not on Windows
            with suppress(OSError):  # the process has already ended
                os.setpriority(os.PRIO_PROCESS, self._process.pid, NICENESS)

    def _read_lines(self, lines: IO[str]) -> None:
        """Read the error output until the process ends, so that the process never has to wait."""
        with lines:
            while line := lines.readline(LONGEST_LINE):
                if (newest := progress.parse(line)) is not None:
                    self.progress = newest
                else:
                    self._notes.append(line.rstrip())

    def stop(self) -> None:
        """Ask the process to end. If it has not ended `KILL_AFTER_S` seconds later, `exit_code` kills it."""
        if self._asked_to_end_s is None:
            self._asked_to_end_s = self._clock()
            self._signal(signal.SIGTERM)

    def exit_code(self) -> int | None:
        """Return the exit code, negative for the number of a signal; None while the process is running."""
        code = self._process.poll()
        if code is None and self._asked_to_end_s is not None and self._clock() - self._asked_to_end_s > KILL_AFTER_S:
            self._signal(KILL)
        if code is not None:
            self._close_input()
        return code

    def _close_input(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()

    def kill(self) -> None:
        """Kill the process and wait for its end."""
        if self._process.poll() is None:
            self._signal(KILL)
            self._process.wait()
        self._close_input()

    def notes(self) -> str:
        """Return the last lines of the error output. Call this after the end of the process."""
        self._reader.join(timeout=1.0)
        return "\n".join(self._notes)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, number)
            else:  # Windows, which ends a process at any signal
                self._process.terminate()
