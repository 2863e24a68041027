"""Files that a page made for the browser stay long enough to be fetched."""

import threading
from collections.abc import Callable

from streamlit import runtime

HOLD_S = 20.0
"""A file that nothing points to any more is kept at least so long, and twice as long at most."""


class SlowSweeps:
    """Asked to sweep at any time, it does so every `HOLD_S` seconds, and twice after the last request.

    A download is removed by the second sweep that finds it without a page.
    """

    def __init__(self, sweep: Callable[[], None], hold_s: float = HOLD_S) -> None:
        self._sweep = sweep
        self._hold_s = hold_s
        self._lock = threading.Lock()
        self._left = 0
        """Sweeps to come; one of them has its timer running."""

    def request(self) -> None:
        """In the place of a sweep."""
        with self._lock:
            idle, self._left = not self._left, 2
        if idle:
            self._wait()

    def _wait(self) -> None:
        timer = threading.Timer(self._hold_s, self._tick)
        timer.daemon = True
        timer.start()

    def _tick(self) -> None:
        self._sweep()
        with self._lock:
            self._left -= 1
            more = self._left > 0
        if more:
            self._wait()


def sweep_slowly() -> None:
    """Make the running app sweep slowly.

    Streamlit sweeps at each end of a script run, whoever's it is. Where pages renew themselves that is several times a
    second, and a file that a download button made when it was pressed is gone before a slow connection has fetched it.
    """
    files = runtime.get_instance().media_file_mgr
    if not isinstance(getattr(files.remove_orphaned_files, "__self__", None), SlowSweeps):
        files.remove_orphaned_files = SlowSweeps(files.remove_orphaned_files).request  # type: ignore[method-assign]
