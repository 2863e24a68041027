"""Temporary folders of films. A folder is locked while its server runs, so that no other server deletes it."""

import os
import shutil
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "ferscope-films-"
LOCK = "server.lock"


class FilmFolder:
    """A new folder in the system's folder for temporary files. Only the user of the server can read it."""

    def __init__(self) -> None:
        self.path, self._lock = _locked_folder()
        self.results = self.path / "results"
        self.results.mkdir()

    def delete(self) -> None:
        """Delete the folder with all its files. A second call does nothing."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.release()


def _locked_folder() -> tuple[Path, FileLock]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))  # mode 0700
        lock = _lock(folder)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            continue  # another server, which has just started, is deleting the folder as a leftover
        except OSError:
            if folder.exists():  # the disk is full, for example
                shutil.rmtree(folder, ignore_errors=True)
                raise
            continue
        if (folder / LOCK).exists():
            return folder, lock
        lock.release()


def _lock(folder: Path) -> FileLock:
    # Not per thread: a folder is made in one thread and deleted in another.
    return FileLock(folder / LOCK, thread_local=False)


def delete_leftovers() -> None:
    """Delete the folders of servers that were killed, which are those that nobody has locked."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if not _is_ours(folder):
            continue
        lock = _lock(folder)
        try:
            lock.acquire(blocking=False)
        except (OSError, Timeout):
            continue
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def _is_ours(folder: Path) -> bool:
    """Return whether the path is a folder, not a link to one, that belongs to the user of this process."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    owner_is_us = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return folder.is_dir() and not folder.is_symlink() and owner_is_us
