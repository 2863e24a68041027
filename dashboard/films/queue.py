"""The queue of films. One film is read at a time; a film ends when its visitor has left."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from core.exceptions import InputError
from dashboard.films.job import FilmJob, FilmRequest, State
from dashboard.films.run import UNEXPECTED, Command, FilmFailure, FilmRun, disk_error, video_command

MAX_WAITING = 10
"""Number of films that may wait. Each may take up `limits.FILM_MB` of the server's memory."""

ABSENT_S = 15.0
"""Seconds without a connection to the browser after which its film ends. Short losses of the network do no harm."""

TICK_S = 0.2
"""Seconds between two looks at the film that is being read and at the visitors."""

DISCONNECTED = f"The reading ended because your browser was not connected for {ABSENT_S:.0f} seconds. Start it again."

logger = logging.getLogger(__name__)


class FilmQueue:
    """Films of all visitors, in order of arrival. A thread reads them while there are any."""

    def __init__(
        self,
        command: Command = video_command,
        clock: Callable[[], float] = time.monotonic,
        tick_s: float = TICK_S,
    ) -> None:
        self._command, self._clock, self._tick_s = command, clock, tick_s
        self._lock = threading.Lock()
        """Guards the attributes below. It is never held while files are written or read."""
        self._jobs: list[FilmJob] = []
        """Films that are being read or wait, in order. The first is the next one to read."""
        self._absent_since_s: dict[int, float] = {}
        """Maps `id(job)` to the time at which its visitor was first found to be absent."""
        self._run: FilmRun | None = None
        """The film that is being read, or one that was cancelled and whose process has not ended yet."""
        self._running_job: FilmJob | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def submit(self, request: FilmRequest, is_present: Callable[[], bool] = lambda: True) -> FilmJob:
        """Add a film to the queue. Raises InputError if too many films wait.

        `is_present` returns whether the visitor's browser is connected. The queue's thread calls it.
        """
        job = FilmJob(request, is_present)
        with self._lock:
            if len(self._jobs) > MAX_WAITING:
                raise InputError(f"{MAX_WAITING} films are waiting already. Try again in a few minutes.")
            self._jobs.append(job)
            if self._tick_s and self._thread is None:
                self._thread = threading.Thread(target=self._work, name="film-queue", daemon=True)
                self._thread.start()
        return job

    def films_before(self, job: FilmJob) -> int:
        """Return how many films are read before this one; 0 if it is being read or is not in the queue."""
        with self._lock:
            return self._jobs.index(job) if job in self._jobs else 0

    def cancel(self, job: FilmJob, reason: str = "") -> None:
        """Remove a film from the queue, or stop reading it. Nothing happens if it has ended.

        `reason` is a sentence for the visitor; it is empty if the visitor asked for it.
        """
        with self._lock:
            if job in self._jobs:
                job.error = reason
                self._finish(job, "cancelled")

    def _finish(self, job: FilmJob, state: State) -> None:
        """Take a film out of the queue. The caller holds the lock."""
        job.state = state
        self._jobs.remove(job)
        self._absent_since_s.pop(id(job), None)

    def _work(self) -> None:
        try:
            while self.tick():
                time.sleep(self._tick_s)
        except BaseException:
            with self._lock:
                self._thread = None  # the next film starts a new thread
            raise

    def tick(self) -> bool:
        """Do what is due: end films of absent visitors, look after the running process, start the next film.

        Return whether there is anything left to do. Only one thread calls this.
        """
        self._cancel_absent()
        self._follow_run()
        self._start_next()
        with self._lock:
            busy = bool(self._jobs) or self._run is not None
            if not busy:
                self._thread = None
            return busy

    def _cancel_absent(self) -> None:
        now_s = self._clock()
        with self._lock:
            for job in list(self._jobs):
                if job.is_present():
                    self._absent_since_s.pop(id(job), None)
                elif now_s - self._absent_since_s.setdefault(id(job), now_s) > ABSENT_S:
                    job.error = DISCONNECTED
                    self._finish(job, "cancelled")

    def _follow_run(self) -> None:
        """Take over the progress of the running process. If it has ended, take over its result."""
        run, job = self._run, self._running_job
        if run is None or job is None:
            return
        job.progress = run.process.progress
        if not job.is_unfinished:
            run.process.stop()
        if run.process.exit_code() is None:
            return
        if job.is_unfinished:
            self._take_result(run, job)
        run.end()
        with self._lock:
            self._run = self._running_job = None

    def _take_result(self, run: FilmRun, job: FilmJob) -> None:
        try:
            job.result = run.result()
        except FilmFailure as failure:
            self._fail(job, str(failure), failure.log)
        except Exception:
            logger.exception("The results of a film could not be read.")
            self._fail(job, UNEXPECTED)
        with self._lock, suppress(ValueError):  # cancelled in the meantime
            if job.is_unfinished:
                self._finish(job, "finished")

    def _start_next(self) -> None:
        with self._lock:
            if self._is_closed or self._run is not None or not self._jobs:
                return
            job = self._jobs[0]
        try:
            run = FilmRun(job.request, self._command, self._clock)
        except OSError as error:
            self._fail(job, disk_error(error))
        except InputError as error:
            self._fail(job, str(error))
        except Exception:
            logger.exception("A film could not be read.")
            self._fail(job, UNEXPECTED)
        else:
            with self._lock:
                self._run, self._running_job = run, job
                if job.is_unfinished:
                    job.state = "running"

    def _fail(self, job: FilmJob, sentence: str, log: str = "") -> None:
        if log:
            logger.error("A film could not be read: %s\n%s", sentence, log)
        with self._lock:
            job.error = sentence
            if job.is_unfinished:
                self._finish(job, "failed")

    def close(self) -> None:
        """End all films and delete their folders. Called when the server ends."""
        with self._lock:
            self._is_closed = True
            for job in list(self._jobs):
                self._finish(job, "cancelled")
            run, self._run, self._running_job = self._run, None, None
        if run is not None:
            run.end()
