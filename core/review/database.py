"""The SQLite file with the marks. Several processes and threads use it at once.

Each call opens a connection of its own and closes it again, so that no lock outlives a call, and a killed process
leaves none. With a write-ahead log (WAL), readers never wait for writers. On file systems that cannot have one, SQLite
keeps its older journal.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from core import paths
from core.callbacks import no_progress
from core.exceptions import InputError, shortened
from core.review.damage import in_place, set_aside
from core.review.schema import create_tables, has_tables

T = TypeVar("T")

OnNote = Callable[[str], None]
"""Called with a sentence for the user if a damaged file was set aside."""

FILE_NAME = "marks.sqlite3"

WAIT_S = 20.0
"""How long a writer waits for the others, in seconds. A transaction takes milliseconds."""

DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""Error codes of a damaged file, and of a database that lacks one of our tables."""

NEEDS_WRITING = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR)
"""Error codes of a file that cannot even be read, because SQLite keeps another file beside it while it reads."""

REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_BUSY: "another program keeps it locked; close that program",
    sqlite3.SQLITE_READONLY: "it cannot be written; change its permissions or those of its folder",
    sqlite3.SQLITE_PERM: "access is denied; change its permissions or those of its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check its permissions and those of its folder",
    sqlite3.SQLITE_IOERR: "the disk is full or reports an error; free some space, or check its connection",
    sqlite3.SQLITE_CORRUPT: "it is damaged; move it elsewhere",
    sqlite3.SQLITE_NOTADB: "it is damaged; move it elsewhere",
}
"""Error code -> reason and remedy."""


def database_path() -> Path:
    return paths.DATA_DIR / FILE_NAME


def can_write() -> bool:
    """Return whether marks can be stored: the file, or its folder if there is none yet, allows it."""
    path = database_path()
    folder = next((parent for parent in path.parents if os.access(parent, os.F_OK)), path.parent)
    writable = os.access(path, os.W_OK) or not os.access(path, os.F_OK)
    # Asked again: another process may just have set a damaged file aside, or made a new one.
    return os.access(folder, os.W_OK) and (writable or os.access(path, os.W_OK))


def write(work: Callable[[sqlite3.Connection], T], on_note: OnNote = no_progress) -> T:
    """Return `work(connection)`, whose changes are stored all together, or not at all if it raises an error.

    The file is made if there is none. Raises InputError if it cannot be written.
    """
    path = database_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{shortened(path.parent, 120)} cannot be made ({error.strerror}); set FERSCOPE_DATA to another folder."
        ) from error
    if not path.is_dir() and not can_write():
        raise _unusable(path, REASONS[sqlite3.SQLITE_READONLY])
    return _retried(lambda: _write(path, work), path, on_note)


def read(work: Callable[[sqlite3.Connection], T], on_note: OnNote = no_progress) -> T | None:
    """Return `work(connection)`, which only reads; None if there is no file yet.

    Raises InputError if the file cannot be read.
    """
    path = database_path()
    return _retried(lambda: _read(path, work) if _exists(path) else None, path, on_note)


def _retried(attempt: Callable[[], T], path: Path, on_note: OnNote) -> T:
    """Return `attempt()`, again with a new file if it is damaged, or if another process has just set it aside."""
    for _ in range(3):
        try:
            return attempt()
        except sqlite3.Error as error:
            if _code(error) in DAMAGED and not path.is_dir():
                if aside := set_aside(path, WAIT_S):
                    on_note(_set_aside_note(path, aside))
            elif _is_moved(error):
                continue
            else:
                raise _as_input_error(error, path) from error
            last = error
    raise _as_input_error(last, path) from last


def _write(path: Path, work: Callable[[sqlite3.Connection], T]) -> T:
    with in_place(path, WAIT_S), closing(_connect(path, "rwc")) as connection:
        _use_log(connection)
        connection.execute("BEGIN IMMEDIATE")
        if not has_tables(connection):
            create_tables(connection)
        result = work(connection)
        connection.execute("COMMIT")
        return result


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return path.is_symlink()  # then the marks are on a disk that is missing, and are not none
    except OSError as error:
        raise _unusable(path, REASONS[sqlite3.SQLITE_CANTOPEN]) from error
    return True


def _read(path: Path, work: Callable[[sqlite3.Connection], T]) -> T | None:
    with in_place(path, WAIT_S), _readable(path) as connection:
        connection.execute("BEGIN")
        return work(connection) if has_tables(connection) else None


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open the file with a mode of SQLite: "rw", or "rwc" to make it if there is none."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, timeout=WAIT_S, isolation_level=None, uri=True)
    connection.text_factory = lambda text: text.decode(errors="replace")  # texts that were changed by hand
    return connection


def _use_log(connection: sqlite3.Connection) -> None:
    """Switch to a write-ahead log, unless the file system cannot have one or another process is just using the file.

    A file with such a log, moved to a file system that cannot have one, gets the older journal back.
    """
    try:
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            has_tables(connection)  # the database of another program stays as it is
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if _code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
            raise
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # then a log needs no memory shared with others
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA locking_mode = NORMAL")


@contextmanager
def _readable(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file to read it, or a copy of it if SQLite cannot write beside it, as in a read-only folder."""
    with closing(_connect(path, "rw")) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            if path.is_dir() or _code(error) not in NEEDS_WRITING:
                raise
        else:
            yield connection
            return
    with tempfile.TemporaryDirectory(prefix="ferscope-marks-") as folder:
        _copy(path, Path(folder))
        with closing(_connect(Path(folder) / path.name, "rw")) as connection:
            yield connection


def _copy(path: Path, folder: Path) -> None:
    """Copy the file, and the log that belongs to it."""
    try:
        for source in (path, path.with_name(f"{path.name}-wal")):
            if source.exists():
                shutil.copyfile(source, folder / source.name)
    except OSError as error:
        raise _unusable(path, f"it cannot be copied to read it ({error.strerror}); free some space") from error


def _code(error: sqlite3.Error) -> int:
    """Return the primary error code, which is the last byte of the whole code."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _is_moved(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY_DBMOVED


def _as_input_error(error: sqlite3.Error, path: Path) -> Exception:
    """Return the error as a sentence; the error itself if it is a bug."""
    if path.is_dir():
        return _unusable(path, "it is a folder; remove or rename it")
    if path.is_symlink() and not path.exists():
        return _unusable(path, "it is a link to a file that is missing; bring the file back, or remove the link")
    reason = REASONS.get(_code(error))
    return _unusable(path, reason) if reason else error


def _unusable(path: Path, reason: str) -> InputError:
    return InputError(f"The marks in {shortened(path, 120)} cannot be used: {reason}. Nothing was changed.")


def _set_aside_note(path: Path, aside: Path) -> str:
    return f"{path.name} was damaged. It was kept as {shortened(aside, 120)}, and marks go to a new file from now on."
