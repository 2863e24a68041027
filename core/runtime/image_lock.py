"""Let one thread at a time work on an image: a large one takes hundreds of megabytes, so two must not be in memory."""

import threading
from types import TracebackType

from core.runtime.memory import return_freed_memory

LARGE_BYTES = 12_000_000
"""After work on an image of at least this size, free memory is returned to the system.

Otherwise each thread could keep what it has freed, up to 150 MB, which other threads cannot use.
"""


class ImageLock:
    """A lock for `with` that a thread may take several times, for example around a decoding that takes it too."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._largest_bytes = 0

    def __enter__(self) -> None:
        self._lock.acquire()
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._depth -= 1
        try:
            self.return_memory()
            if self._depth == 0:
                self._largest_bytes = 0
        finally:
            self._lock.release()

    def note_size(self, size_bytes: int) -> None:
        """Tell the lock, while it is held, how large an image is."""
        self._largest_bytes = max(self._largest_bytes, size_bytes)

    def return_memory(self) -> None:
        """Return free memory to the system if a large image was noted since the lock was taken."""
        if self._largest_bytes >= LARGE_BYTES:
            return_freed_memory()


image_lock = ImageLock()
"""The lock of this process. Code that keeps large copies of an image holds it until it has dropped them."""
