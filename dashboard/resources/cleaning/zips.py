"""Zips of clean lists, written by a thread into temporary files that have no name, so that nothing of them stays."""

import tempfile
import threading
import weakref
from collections import OrderedDict
from typing import IO

import streamlit as st

from core.exceptions import InputError
from core.exchange.clean_out import Cleaned, write_zip
from dashboard.jobs import Job
from dashboard.resources.stamps import Stamp

MOST_KEPT = 3
"""Largest number of zips on the server's disk. One has about 100 MB."""


class ZipJob(Job[None]):
    """One zip that a thread writes."""

    def __init__(self, form: str, cleaned: Cleaned) -> None:
        self._file: IO[bytes] | None = None
        self._lock = threading.Lock()
        super().__init__("clean list", lambda _: self._write(form, cleaned))

    @property
    def is_ready(self) -> bool:
        return self._file is not None

    def content(self) -> bytes:
        """Return the zip. Raises InputError if it has been deleted."""
        with self._lock:
            if self._file is None:
                raise InputError("This zip has been deleted from the server; prepare it again.")
            self._file.seek(0)
            return self._file.read()

    def stop(self) -> None:
        """Stop writing, and delete what has been written."""
        super().stop()
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _write(self, form: str, cleaned: Cleaned) -> None:
        self.report(0, cleaned.size)
        try:
            file = tempfile.TemporaryFile()  # noqa: SIM115 (kept open until the zip is deleted)
            try:
                write_zip(file, form, cleaned, lambda _, done, total: self.report(done, total))
                with self._lock:
                    self.raise_if_stopped()
                    self._file = file
                    weakref.finalize(self, file.close)
            except BaseException:
                file.close()
                raise
        except OSError as error:
            raise InputError(
                f"The server cannot write the zip ({error.strerror or error}). The command writes it to your own disk."
            ) from error


class _ZipJobs:
    """The latest zips of all visitors; one is written at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: OrderedDict[Stamp, ZipJob] = OrderedDict()

    def find(self, key: Stamp) -> ZipJob | None:
        return self._jobs.get(key)

    def start(self, key: Stamp, form: str, cleaned: Cleaned) -> ZipJob:
        with self._lock:
            job = self._jobs.get(key)
            if job and (job.is_running or job.is_ready):
                return job
            if any(other.is_running for other in self._jobs.values()):
                raise InputError("The server is preparing a zip for somebody else; try again in a minute.")
            self._jobs.pop(key, None)
            while len(self._jobs) >= MOST_KEPT:
                self._jobs.popitem(last=False)[1].stop()
            self._jobs[key] = ZipJob(form, cleaned)
            return self._jobs[key]


@st.cache_resource(show_spinner=False)
def _jobs() -> _ZipJobs:
    return _ZipJobs()


def find(key: Stamp) -> ZipJob | None:
    """Return the zip with this key, which may be unfinished; None if nobody has prepared it, or it was stopped."""
    job = _jobs().find(key)
    return job if job and (job.is_running or job.is_ready or job.error) else None


def prepare(key: Stamp, form: str, cleaned: Cleaned) -> ZipJob:
    """Return the zip with this key; start to write it if there is none.

    `form` is a key of `core.exchange.clean_out.ZIP_CONTENTS`. Raises InputError if another one is being written.
    """
    return _jobs().start(key, form, cleaned)
