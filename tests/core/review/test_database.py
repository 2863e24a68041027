"""The file of marks: damage, newer versions, read-only folders, full disks, and file systems without shared memory."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core import paths
from core.exceptions import LONGEST_MESSAGE, InputError
from core.review import damage, database, schema, store
from core.review.marks import Mark

MARK = Mark("a", "ambiguous", None, "note", "2026-01-01T00:00:00Z")
OTHER = Mark("b", "ambiguous", None, "note", "2026-01-02T00:00:00Z")


@pytest.fixture
def file(home: Path) -> Path:
    """The file of marks, with one mark."""
    store.add("x", [MARK])
    return database.database_path()


def overwrite_pages(file: Path) -> None:
    """Damage all pages after the first, as a failing disk does."""
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def replace_by_text(file: Path) -> None:
    file.write_text("These are not marks. " * 300, encoding="utf-8")


def replace_by_another_database(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE notes (text)")


def drop_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP TABLE marks")


DAMAGES = [overwrite_pages, cut, replace_by_text, replace_by_another_database, drop_table]


@pytest.mark.parametrize("is_read", [True, False])
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_file_is_set_aside_under_a_name_with_the_time_and_work_goes_on(file, damage, is_read):
    damage(file)
    damaged = file.read_bytes()
    notes: list[str] = []
    if is_read:
        assert store.marks("x", notes.append) == () and not file.exists()
    store.add("x", [OTHER], notes.append)
    assert store.marks("x", notes.append) == (OTHER,)
    (aside,) = paths.DATA_DIR.glob("marks-damaged-20??-??-??T??-??-??Z.sqlite3")
    assert aside.read_bytes() == damaged
    assert notes == [f"marks.sqlite3 was damaged. It was kept as {aside}, and marks go to a new file from now on."]


def test_damaged_files_of_the_same_second_are_all_kept(file):
    for _ in range(3):
        replace_by_text(file)
        store.add("x", [MARK])
    assert len(list(paths.DATA_DIR.glob("marks-damaged-*.sqlite3"))) == 3


def test_an_empty_file_is_a_new_one(home):
    database.database_path().touch()
    assert store.marks("x") == ()
    store.add("x", [MARK])
    assert store.marks("x") == (MARK,)
    assert sorted(path.name for path in paths.DATA_DIR.iterdir()) == ["marks.lock", "marks.sqlite3"]


@pytest.mark.parametrize(
    "spoil", [lambda lock: lock.mkdir(), lambda lock: lock.write_bytes(b"nonsense " * 1000)], ids=["folder", "nonsense"]
)
def test_without_a_lock_that_can_be_used_marks_are_read_and_stored(file, spoil):
    lock = file.with_name(damage.LOCK_NAME)
    lock.unlink()
    spoil(lock)
    assert store.marks("x") == (MARK,)
    store.add("x", [OTHER])
    assert set(store.marks("x")) == {MARK, OTHER}


def error_of(action) -> str:
    with pytest.raises(InputError) as error:
        action()
    assert len(str(error.value)) <= LONGEST_MESSAGE
    return str(error.value)


ACTIONS = [
    lambda: store.marks("x"),
    lambda: store.version(),
    lambda: store.add("x", [OTHER]),
    lambda: store.remove("x", "a"),
]


@pytest.mark.parametrize("action", ACTIONS)
def test_a_file_of_a_newer_version_is_refused_and_left_alone(file, action):
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    content = file.read_bytes()
    assert "was written by a newer FERscope (version 2 of its tables, not 1); update FERscope" in error_of(action)
    assert file.read_bytes() == content


@pytest.mark.parametrize("action", ACTIONS)
def test_a_folder_instead_of_the_file_is_named_in_a_sentence(home, action):
    database.database_path().mkdir()
    assert "marks.sqlite3 cannot be used: it is a folder; remove or rename it" in error_of(action)


@pytest.mark.parametrize("action", [lambda: store.marks("x"), lambda: store.add("x", [MARK])])
def test_a_link_to_a_missing_file_is_named_in_a_sentence(home, action):
    database.database_path().symlink_to(home / "unplugged" / "marks.sqlite3")
    with pytest.raises(InputError, match="it is a link to a file that is missing"):
        action()


def test_a_data_folder_that_is_missing_is_made(home):
    paths.DATA_DIR.rmdir()
    assert store.marks("x") == ()
    store.add("x", [MARK])
    assert store.marks("x") == (MARK,)


def test_a_data_folder_that_is_a_file_is_named_in_a_sentence(home):
    paths.DATA_DIR.rmdir()
    paths.DATA_DIR.touch()
    assert store.marks("x") == ()
    assert "cannot be made (File exists); set FERSCOPE_DATA to another folder" in error_of(
        lambda: store.add("x", [MARK])
    )


def test_in_an_unwritable_folder_marks_are_read_but_not_set(file, monkeypatch):
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    assert not database.can_write()
    assert store.marks("x") == (MARK,)
    assert "it cannot be written; change its permissions" in error_of(lambda: store.add("x", [OTHER]))
    assert store.marks("x") == (MARK,)


def test_on_a_full_disk_nothing_is_lost(file, monkeypatch):
    connect = database._connect

    def connect_to_full_disk(path: Path, mode: str) -> sqlite3.Connection:
        connection = connect(path, mode)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr(database, "_connect", connect_to_full_disk)
    many = [Mark(f"image {number}", "ambiguous", None, "x" * 500, MARK.time) for number in range(100)]
    assert "the disk is full; free some space. Nothing was changed." in error_of(lambda: store.add("x", many))
    assert store.marks("x") == (MARK,)


def test_a_file_that_another_program_keeps_locked_is_named_in_a_sentence(file, monkeypatch):
    monkeypatch.setattr(database, "WAIT_S", 0.05)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "another program keeps it locked" in error_of(lambda: store.add("x", [OTHER]))
        assert store.marks("x") == (MARK,)
    store.add("x", [OTHER])
    assert store.marks("x") == (MARK, OTHER)


@pytest.fixture
def without_shared_memory(monkeypatch: pytest.MonkeyPatch):
    """Return a function after whose call the data folder is on a file system that cannot have a write-ahead log."""
    connect = sqlite3.connect

    def connect_without(address, *args, **options):
        inside = isinstance(address, str) and address.startswith(paths.DATA_DIR.as_uri())
        return connect(f"{address}&vfs=unix-dotfile" if inside else address, *args, **options)

    return lambda: monkeypatch.setattr(sqlite3, "connect", connect_without)


@pytest.mark.skipif(os.name != "posix", reason="other systems have other ways to open a file")
def test_without_shared_memory_the_older_journal_is_used(home, without_shared_memory):
    without_shared_memory()
    store.add("x", [MARK])
    store.add("x", [OTHER])
    assert store.marks("x") == (MARK, OTHER)
    assert sorted(path.name for path in paths.DATA_DIR.iterdir()) == ["marks.lock", "marks.sqlite3"]


@pytest.mark.skipif(os.name != "posix", reason="other systems have other ways to open a file")
def test_a_file_that_is_moved_where_no_shared_memory_is_can_be_read_and_written(file, without_shared_memory):
    without_shared_memory()
    assert store.marks("x") == (MARK,)
    store.add("x", [OTHER])
    assert store.marks("x") == (MARK, OTHER)


def test_a_transaction_that_was_never_committed_leaves_nothing(file):
    with closing(database._connect(file, "rw")) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(store.UPSERT, ("x", "c", "ambiguous", None, "", MARK.time))
    assert store.marks("x") == (MARK,)


def test_a_file_that_is_renamed_while_it_is_written_is_written_anew(file):
    calls = []

    def work(connection: sqlite3.Connection) -> None:
        calls.append(connection)
        if len(calls) == 1:
            error = sqlite3.OperationalError("attempt to write a readonly database")
            error.sqlite_errorcode = sqlite3.SQLITE_READONLY_DBMOVED
            raise error

    database.write(work)
    assert len(calls) == 2


def test_bugs_keep_their_traceback_and_the_file_stays(file):
    with pytest.raises(sqlite3.OperationalError, match="no such table: nonsense"):
        database.write(lambda connection: connection.execute("SELECT * FROM nonsense"))
    assert store.marks("x") == (MARK,)
    assert not list(paths.DATA_DIR.glob("*damaged*"))
