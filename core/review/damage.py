"""A damaged file of marks: it is set aside under another name, and never deleted."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from core.exceptions import InputError, shortened
from core.review.schema import check_tables

LOCK_NAME = "marks.lock"
"""Name of an empty database beside the marks, whose lock says whether the file of marks is in use or being renamed.

A killed process unlocks it.
"""


def set_aside(path: Path, wait_s: float) -> Path | None:
    """Rename a damaged file, and the files that belong to it. Return its new path; None if it is in order by now.

    Raises InputError if it cannot be renamed.
    """
    try:
        with _locked(path.with_name(LOCK_NAME), wait_s):
            return _rename(path) if _is_damaged(path) else None  # another process may have done so meanwhile
    except (OSError, sqlite3.OperationalError) as error:
        raise InputError(
            f"{shortened(path, 120)} is damaged, and cannot be set aside ({shortened(error)}); move it elsewhere."
        ) from error


def in_place(path: Path, wait_s: float) -> AbstractContextManager[object]:
    """Hold the file where it is: `set_aside` waits until all who use it have ended, and they wait for it.

    If the file were renamed while SQLite has it open, SQLite would take the journal of the new file at its place for
    that of the damaged one, and write over it. Without a lock that can be used, as in a folder that cannot be written,
    nothing is held: nothing is renamed there. Raises sqlite3.OperationalError after waiting so many seconds.
    """
    try:
        lock = sqlite3.connect(path.with_name(LOCK_NAME), timeout=wait_s, isolation_level=None)
    except sqlite3.OperationalError:
        return nullcontext()
    try:
        lock.execute("BEGIN")
        lock.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        lock.close()
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise
        return nullcontext()
    return closing(lock)


@contextmanager
def _locked(path: Path, wait_s: float) -> Iterator[None]:
    with closing(sqlite3.connect(path, timeout=wait_s, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def _is_damaged(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            check_tables(connection)
    except InputError:  # the file of a newer FERscope
        return False
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode == sqlite3.SQLITE_ERROR  # a table or column is missing
    except sqlite3.DatabaseError:
        return True
    return False


def _rename(path: Path) -> Path:
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    numbers = ("", *(f"-{number}" for number in range(2, 1000)))
    names = (path.with_name(f"{path.stem}-damaged-{moment}{number}{path.suffix}") for number in numbers)
    aside = next(name for name in names if not name.exists())
    # The log comes first: SQLite would take it for that of the new file.
    for ending in ("-shm", "-wal", "-journal", ""):
        source = path.with_name(path.name + ending)
        if source.exists():
            source.rename(aside.with_name(aside.name + ending))
    return aside
