"""Write a folder whole or not at all: it is written beside under a hidden name, then renamed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from core.exceptions import InputError, shortened
from core.files import disk_errors_as_input_error

LOCK_NAME, CONTENT_NAME = "lock", "content"


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """Yield an empty folder, which becomes `path` at the end. After an error, nothing is left.

    A killed run leaves the folder `.NAME.unfinished` beside it, which the next one removes. Raises InputError if `path`
    is a file or a folder that is not empty, if another process is writing it, or if the disk is full.
    """
    target = _resolved(path)
    hidden = target.parent / f".{target.name}.unfinished"
    with disk_errors_as_input_error(target.parent):
        if not target.name or not hidden.is_dir():
            _refuse_taken(target)
        hidden.mkdir(exist_ok=True)
        lock = _acquired(hidden, target)
        content = hidden / CONTENT_NAME
        try:
            shutil.rmtree(content, ignore_errors=True)  # of a run that was killed
            _refuse_taken(target)
            content.mkdir()
            yield content
            _rename(content, target)
        finally:
            shutil.rmtree(content, ignore_errors=True)
            with suppress(OSError):  # somebody else may have put files there
                # Before the release: whoever waits for this lock must not get a file that is about to be removed.
                (hidden / LOCK_NAME).unlink(missing_ok=True)
                hidden.rmdir()
            lock.release()


def _resolved(path: Path) -> Path:
    """Return the absolute path without links. Raises InputError if they lead in a circle."""
    try:
        return path.resolve()
    except (RuntimeError, OSError) as error:  # RuntimeError for links in a circle, before Python 3.13
        raise InputError(f"{shortened(path, 120)} cannot be followed to a folder; name another folder.") from error


def _acquired(hidden: Path, target: Path) -> FileLock:
    lock = FileLock(hidden / LOCK_NAME)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise InputError(
            f"Another process is writing {shortened(target, 120)}; wait for its end, or name another folder."
        ) from None
    return lock


def _refuse_taken(target: Path) -> None:
    """Raise InputError unless there is nothing at the place of the target, or an empty folder."""
    if not target.parent.is_dir():
        raise InputError(f"{shortened(target.parent, 120)} is no folder; create it, or name another folder.")
    if target.exists() and not target.is_dir():
        raise InputError(f"{shortened(target, 120)} is a file; name a new folder.")
    if target.is_dir() and any(target.iterdir()):
        raise InputError(
            f"{shortened(target, 120)} is not empty, and nothing in it is replaced; name a new folder, or remove it."
        )


def _rename(content: Path, target: Path) -> None:
    """Rename the folder. An empty folder at its new place is replaced, and nothing else."""
    _refuse_taken(target)  # something may have appeared there meanwhile
    if target.is_dir():
        target.rmdir()
    content.rename(target)
