"""Several processes mark at once, and one of them is killed: no mark is lost."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from core import paths
from core.callbacks import no_progress
from core.csv_out import csv_bytes
from core.exceptions import InputError
from core.review import csv_file, damage, database, schema, store
from core.review.marks import Mark, now
from tests.core.review.writer import DATA_SET

MARKS = int(os.environ.get("MARKS_PER_WRITER", "40"))
"""Number of marks that each process sets."""


def start_writer(name: str, first: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.core.review.writer", name, str(first), str(MARKS)],
        cwd=paths.ROOT,
        env={**os.environ, "FERSCOPE_DATA": str(paths.DATA_DIR)},
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_after(writer: subprocess.Popen[str], numbers: int) -> int:
    """Kill a writer at once when it has reported so many marks. Return the number of the last that it reported."""
    for _ in range(numbers):
        last = int(writer.stdout.readline())
    writer.kill()
    rest = writer.stdout.read().split()
    assert writer.wait() != 0
    writer.stdout.close()
    return int(rest[-1]) if rest else last


def finish(writer: subprocess.Popen[str]) -> None:
    output, _ = writer.communicate(timeout=200)
    assert writer.returncode == 0 and output.split()[-1] == str(MARKS - 1)


def test_no_mark_of_three_writers_is_lost_when_one_is_killed_and_started_again(home: Path) -> None:
    steady = [start_writer(name, 0) for name in ("a", "b")]
    reported = kill_after(start_writer("c", 0), MARKS // 3)
    stored = {mark.image_id for mark in store.marks(DATA_SET)}
    assert {f"c/{number}" for number in range(reported + 1)} <= stored
    restarted = start_writer("c", reported + 1)
    for writer in (*steady, restarted):
        finish(writer)
    marks = store.marks(DATA_SET)
    expected = {f"{name}/{number}" for name in "abc" for number in range(MARKS)}
    assert len(marks) == len(expected) and {mark.image_id for mark in marks} == expected
    assert all(mark.note == mark.image_id.replace("/", "\n") for mark in marks)
    assert list(paths.DATA_DIR.glob("*damaged*")) == []
    check_that_out_in_out_is_equal(marks)


def check_that_out_in_out_is_equal(marks: tuple[Mark, ...]) -> None:
    written = csv_bytes(csv_file.table(DATA_SET, marks))
    database.database_path().rename(paths.DATA_DIR / "before")
    assert store.marks(DATA_SET) == ()
    store.add(DATA_SET, csv_file.read(written, DATA_SET, {mark.image_id: "sad" for mark in marks}))
    assert store.marks(DATA_SET) == marks
    assert csv_bytes(csv_file.table(DATA_SET, store.marks(DATA_SET))) == written


def add_from_threads(on_note: database.OnNote = no_progress) -> None:
    """Add 16 marks from 8 threads at once. Raise the first error."""

    def add(number: int) -> None:
        store.add(DATA_SET, [Mark(f"image {number}", "ambiguous", None, "", now())], on_note)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(16)))


def test_threads_that_make_the_file_at_the_same_time_all_store_their_marks(home: Path) -> None:
    add_from_threads()
    assert len(store.marks(DATA_SET)) == 16


@pytest.mark.parametrize("check", [schema.has_tables, schema.check_tables])
def test_a_file_whose_tables_another_process_is_making_is_not_taken_for_damaged(home: Path, check) -> None:
    path = database.database_path()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    written: list[str] = []

    def make_tables_before(statement: str) -> None:
        if "user_version" in statement and not written:
            written.append(statement)
            store.add(DATA_SET, [Mark("image", "ambiguous", None, "", now())])

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.set_trace_callback(make_tables_before)
        check(connection)
        assert written and schema.has_tables(connection)
    assert len(store.marks(DATA_SET)) == 1


def test_a_damaged_file_is_not_renamed_while_another_process_has_it_open(home: Path) -> None:
    path = database.database_path()
    path.write_bytes(b"nonsense " * 1000)
    with damage.in_place(path, 1.0), pytest.raises(InputError, match="cannot be set aside"):
        damage.set_aside(path, 0.05)
    assert path.is_file() and damage.set_aside(path, 1.0) is not None
    assert not path.exists()


@pytest.mark.parametrize("content", [b"nonsense " * 1000, b"SQLite format 3\0" + b"\xff" * 8000])
def test_threads_that_find_the_file_damaged_at_the_same_time_set_it_aside_once(home: Path, content: bytes) -> None:
    database.database_path().write_bytes(content)
    notes: list[str] = []
    add_from_threads(notes.append)
    assert len(store.marks(DATA_SET)) == 16
    (aside,) = paths.DATA_DIR.glob("marks-damaged-*.sqlite3")
    assert aside.read_bytes() == content
    assert len(notes) == 1 and aside.name in notes[0]
