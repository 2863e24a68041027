"""Delay Streamlit's sweeps, which delete unused files, so that browsers have time to fetch their downloads."""

import threading
from collections.abc import Callable

from streamlit import runtime

SWEEP_INTERVAL_S = 20.0
"""Seconds between two sweeps. A download that no page offers any more is kept for one to two intervals."""


class DelayedSweeps:
    """Run a sweep at most every `interval_s` seconds, and two sweeps after the last request.

    Streamlit deletes the file of a download button in the second sweep that finds the file unused.
    """

    def __init__(self, sweep: Callable[[], None], interval_s: float = SWEEP_INTERVAL_S) -> None:
        self._sweep = sweep
        self._interval_s = interval_s
        self._lock = threading.Lock()
        self._pending = 0
        """Number of sweeps still to run. A timer for the next sweep is running unless this is 0."""

    def request(self) -> None:
        """Schedule two sweeps. Callers use this in place of `sweep`."""
        with self._lock:
            no_timer_runs = self._pending == 0
            self._pending = 2
        if no_timer_runs:
            self._start_timer()

    def _start_timer(self) -> None:
        timer = threading.Timer(self._interval_s, self._run_sweep)
        timer.daemon = True
        timer.start()

    def _run_sweep(self) -> None:
        self._sweep()
        with self._lock:
            self._pending -= 1
            sweeps_left = self._pending > 0
        if sweeps_left:
            self._start_timer()


def delay_sweeps() -> None:
    """Delay the file sweeps of the running app.

    Streamlit sweeps at the end of every script run of every session. On pages that refresh themselves, this happens
    several times per second. Without the delay, a file could be deleted before a slow connection has fetched it.
    """
    files = runtime.get_instance().media_file_mgr
    if not isinstance(getattr(files.remove_orphaned_files, "__self__", None), DelayedSweeps):
        files.remove_orphaned_files = DelayedSweeps(files.remove_orphaned_files).request  # type: ignore[method-assign]
