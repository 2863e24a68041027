"""Work in threads of their own: it goes on if the visitor who has started it leaves the page."""

import logging
import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


class _StoppedError(Exception):
    """Raised in the thread of a job that is to stop."""


class Job(Generic[Result]):
    """Work that a thread of its own does, with its progress, and its result or error."""

    def __init__(self, name: str, work: Callable[["Job[Result]"], Result]) -> None:
        """Start the thread. `work` is given the job, to report its progress.

        `name` is that of the thread; it also stands in the log if the work fails.
        """
        self.done, self.total = 0, 0
        """Numbers of finished steps and of all; 0 and 0 before the first report."""
        self.result: Result | None = None
        self.error: Exception | None = None
        """Why the work has failed, for example an InputError."""
        self._name, self._work, self._stop = name, work, threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether the work goes on. Work that is to stop counts as ended, although it finishes its step."""
        return self._thread.is_alive() and not self._stop.is_set()

    def report(self, done: int, total: int) -> None:
        """Note the progress. Called by the work: if `stop` was called, the exception raised here ends it."""
        self.raise_if_stopped()
        self.done, self.total = done, total

    def raise_if_stopped(self) -> None:
        """End the work, by an exception that is no error, if `stop` was called."""
        if self._stop.is_set():
            raise _StoppedError

    def stop(self) -> None:
        """Let the work end after its step."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join()

    def wait_for_result(self) -> Result:
        """Return the result when the work is finished. Raises the error of the work, such as an InputError."""
        self.wait()
        if self.result is None:
            raise self.error or RuntimeError("the thread has ended without a result")
        return self.result

    def _run(self) -> None:
        try:
            self.result = self._work(self)
        except _StoppedError:
            pass
        except Exception as error:  # shown to whoever looks, or raised again where the result is awaited
            logger.exception("The thread '%s' has failed.", self._name)
            self.error = error


class LatestJob(Generic[Result]):
    """The latest job of one kind. All sessions share it; there is one at a time."""

    def __init__(self, name: str) -> None:
        self._name, self._lock = name, threading.Lock()
        self._latest: tuple[Hashable, Job[Result]] | None = None

    def find(self, key: Hashable) -> Job[Result] | None:
        """Return the job with this key; None if there is none."""
        latest = self._latest
        return latest[1] if latest and latest[0] == key else None

    def find_or_start(self, key: Hashable, work: Callable[[Job[Result]], Result]) -> Job[Result]:
        """Return the job with this key; start one if there is none, or if it has failed or was stopped.

        A job with another key, such as that of a data set which was in use before, is stopped first.
        """
        with self._lock:
            job = self.find(key)
            if job and (job.is_running or job.result is not None):
                return job
            if self._latest:
                self._latest[1].stop()
                self._latest[1].wait()  # two jobs at once would take twice as long
            job = Job(self._name, work)
            self._latest = key, job
            return job
