"""Read, add and remove the marks of a data set."""

import sqlite3
from collections.abc import Iterable

from core.callbacks import no_progress
from core.emotions import EMOTIONS
from core.review import database
from core.review.database import OnNote
from core.review.marks import KINDS, Mark, in_order

UPSERT = """
INSERT INTO marks (data_set, image_id, kind, label, note, time) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET label = excluded.label, note = excluded.note, time = excluded.time
"""

Version = tuple[object, ...]
"""Changes whenever a mark is set, changed or removed; also if the whole file is replaced."""


def version(on_note: OnNote = no_progress) -> Version:
    """Return the version of all marks, which is cheaper to read than the marks. Raises InputError as `marks`."""

    def work(connection: sqlite3.Connection) -> Version:
        return tuple(connection.execute("SELECT file, changes FROM state").fetchone())

    return database.read(work, on_note) or ()


def marks(data_set: str, on_note: OnNote = no_progress) -> tuple[Mark, ...]:
    """Return the marks of a data set, the oldest first. Raises InputError if their file cannot be read.

    Marks of a kind that this version does not know are left out.
    """

    def work(connection: sqlite3.Connection) -> tuple[Mark, ...]:
        rows = connection.execute(
            "SELECT image_id, kind, label, note, time FROM marks WHERE data_set = ?", (data_set,)
        ).fetchall()
        return in_order(_mark(*row) for row in rows if row[1] in KINDS)

    return database.read(work, on_note) or ()


def _mark(image_id: object, kind: object, label: object, note: object, time: object) -> Mark:
    return Mark(str(image_id), str(kind), str(label) if label in EMOTIONS else None, str(note), str(time))


def add(data_set: str, added: Iterable[Mark], on_note: OnNote = no_progress) -> None:
    """Store marks, all or none. A mark of the same image and kind is replaced. They must be `checked`.

    Raises InputError if they cannot be written.
    """
    rows = [(data_set, mark.image_id, mark.kind, mark.label, mark.note, mark.time) for mark in added]
    database.write(lambda connection: connection.executemany(UPSERT, rows), on_note)


def remove(data_set: str, image_id: str, kind: str | None = None, on_note: OnNote = no_progress) -> tuple[str, ...]:
    """Remove the mark of one kind from an image, or all its marks. Return the kinds that were removed.

    Raises InputError if the file cannot be written.
    """

    def work(connection: sqlite3.Connection) -> tuple[str, ...]:
        rows = connection.execute(
            "DELETE FROM marks WHERE data_set = ? AND image_id = ? AND coalesce(kind = ?, TRUE) RETURNING kind",
            (data_set, image_id, kind),
        ).fetchall()
        return tuple(str(row[0]) for row in rows)

    return database.write(work, on_note)
