"""The tables in the file of marks, and the check that a file has them."""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from core.exceptions import InputError

APPLICATION_ID = 0x4645524D
"""Stands in the header of the file: FERM in ASCII."""

VERSION = 1
"""Version of the tables. Files of a newer version are left alone."""

STATEMENTS = (
    """CREATE TABLE marks (
        data_set TEXT NOT NULL, image_id TEXT NOT NULL, kind TEXT NOT NULL,
        label TEXT, note TEXT NOT NULL, time TEXT NOT NULL,
        PRIMARY KEY (data_set, image_id, kind)
    ) WITHOUT ROWID""",
    "CREATE TABLE state (file TEXT NOT NULL, changes INTEGER NOT NULL)",
    *(
        f"CREATE TRIGGER marks_{event} AFTER {event} ON marks BEGIN UPDATE state SET changes = changes + 1; END"
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {VERSION}",
)
"""`state` has one row: a random name of the file, and how many times a mark was set, changed or removed.

A count tells of every change. The time and size of a file can stay the same if one write follows another at once.
"""

OWNER_QUERIES = ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
"""What tells whose database it is: the program, the version of its tables, and the number of tables and triggers."""


class ForeignDatabaseError(sqlite3.DatabaseError):
    """Raised for a database without our tables."""

    sqlite_errorcode = sqlite3.SQLITE_NOTADB


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty database, as part of the transaction that is under way."""
    for statement in STATEMENTS:
        connection.execute(statement)
    connection.execute("INSERT INTO state VALUES (?, 0)", (uuid.uuid4().hex,))


def has_tables(connection: sqlite3.Connection) -> bool:
    """Return whether a database has our tables; False if it is empty.

    Raises ForeignDatabaseError for the database of another program, and InputError for one of a newer FERscope.
    """
    with _snapshot(connection):
        application, version, tables = (connection.execute(query).fetchone()[0] for query in OWNER_QUERIES)
    if application == APPLICATION_ID and version > VERSION:
        raise InputError(
            f"marks.sqlite3 was written by a newer FERscope (version {version} of its tables, not {VERSION}); "
            "update FERscope, or set FERSCOPE_DATA to another folder."
        )
    if application == APPLICATION_ID:
        return True
    if application or version or tables:
        raise ForeignDatabaseError("the database of another program")
    return False


def check_tables(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.Error if a file is damaged anywhere, or if it lacks a table or column. Read the whole file."""
    with _snapshot(connection):
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise ForeignDatabaseError(found)
        if has_tables(connection):
            connection.execute("SELECT data_set, image_id, kind, label, note, time FROM marks LIMIT 1").fetchone()
            if connection.execute("SELECT file, changes FROM state").fetchone() is None:
                raise ForeignDatabaseError("the table state is empty")


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Let all queries read the database of one moment, even if another process makes the tables between two of them."""
    nested = connection.in_transaction
    if not nested:
        connection.execute("BEGIN")
    try:
        yield
    finally:
        if not nested and connection.in_transaction:  # SQLite itself ends it after some errors
            connection.execute("ROLLBACK")
