"""Reading, setting and removing marks, and the count of changes."""

import sqlite3
from contextlib import closing

import pytest

from core import paths
from core.review import database, store
from core.review.data_set import data_set_name, true_labels
from core.review.marks import Mark

FIRST = Mark("a", "wrong-label", "sad", "first", "2026-01-01T00:00:00Z")
SECOND = Mark("a", "ambiguous", None, "", "2026-01-02T00:00:00Z")


def test_there_are_no_marks_and_no_file_before_the_first_is_set(home):
    assert store.marks("x") == () and store.version() == ()
    assert list(paths.DATA_DIR.iterdir()) == []


def test_marks_are_those_of_one_data_set(home):
    store.add("x", [SECOND, FIRST])
    store.add("y", [FIRST])
    assert store.marks("x") == (FIRST, SECOND) and store.marks("y") == (FIRST,) and store.marks("z") == ()


def test_a_mark_of_the_same_image_and_kind_is_replaced(home):
    store.add("x", [FIRST, SECOND])
    newer = Mark("a", "wrong-label", None, "newer", "2026-01-03T00:00:00Z")
    store.add("x", [newer])
    assert store.marks("x") == (SECOND, newer)


def test_one_mark_or_all_marks_of_an_image_can_be_removed(home):
    store.add("x", [FIRST, SECOND, Mark("b", "ambiguous", None, "", SECOND.time)])
    store.add("y", [FIRST])
    assert store.remove("x", "a", "interesting") == ()
    assert store.remove("x", "a", "ambiguous") == ("ambiguous",)
    assert FIRST in store.marks("x")
    store.add("x", [SECOND])
    assert sorted(store.remove("x", "a")) == ["ambiguous", "wrong-label"]
    assert [mark.image_id for mark in store.marks("x")] == ["b"] and store.marks("y") == (FIRST,)


def test_the_version_changes_with_every_change_and_with_nothing_else(home):
    versions = [store.version()]
    for change in (
        lambda: store.add("x", [FIRST]),
        lambda: store.add("x", [FIRST]),  # the time of a mark may be new
        lambda: store.add("x", [Mark("a", "wrong-label", None, "", FIRST.time)]),
        lambda: store.add("y", [FIRST, SECOND]),
        lambda: store.remove("x", "a"),
    ):
        change()
        versions.append(store.version())
        store.marks("x")
        assert store.version() == versions[-1]
    store.remove("x", "a")
    assert store.version() == versions[-1]
    assert len(set(versions)) == len(versions)


def test_a_new_file_with_as_many_changes_has_another_version(home):
    store.add("x", [FIRST])
    before = store.version()
    database.database_path().unlink()
    store.add("x", [FIRST])
    assert store.version() != before


def test_all_marks_or_none_are_stored(home):
    with pytest.raises(sqlite3.IntegrityError):  # a bug: `checked` marks have a note
        store.add("x", [FIRST, Mark("b", "ambiguous", None, None, SECOND.time)])
    assert store.marks("x") == ()


def test_rows_that_were_changed_by_hand_are_read_as_far_as_they_can_be(home):
    store.add("x", [FIRST, SECOND])
    before = store.version()
    with closing(sqlite3.connect(database.database_path())) as connection, connection:
        connection.execute("UPDATE marks SET label = 'bored', note = 5 WHERE kind = 'wrong-label'")
        connection.execute("UPDATE marks SET kind = 'sleepy' WHERE kind = 'ambiguous'")
        connection.execute("INSERT INTO marks VALUES ('x', 'b', 'ambiguous', NULL, CAST(x'ff41' AS TEXT), '')")
    assert store.version() != before
    assert store.marks("x") == (Mark("b", "ambiguous", None, "�A", ""), Mark("a", "wrong-label", None, "5", FIRST.time))


def test_fer2013_has_one_name_with_and_without_an_import(shipped, archive):
    from core.data.importing import import_dataset

    assert data_set_name() == "fer2013"
    import_dataset(archive)
    assert data_set_name() == "fer2013"
    assert len(true_labels()) == 98 and true_labels()["test/sad/PublicTest_0"] == "sad"


def test_another_data_set_has_its_fingerprint_as_its_name(shipped, tmp_path):
    from core.data.importing import import_dataset
    from core.data.store import required_import
    from tests.fixtures import synthetic

    files = {name: content for name, content in synthetic.files().items() if "Training_9" not in name}
    import_dataset(synthetic.write_zip(tmp_path / "other.zip", files))
    assert data_set_name() == required_import().fingerprint
