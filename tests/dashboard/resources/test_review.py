"""Marks in the dashboard: stored for everybody, or kept for the visit; the slice of marked images follows them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from core import paths
from core.csv_out import csv_bytes
from core.exceptions import InputError
from core.review import csv_file, database, store
from core.review.data_set import true_labels
from core.review.marks import Mark
from dashboard import keys, resources
from dashboard.resources import review
from tests.fixtures.models import write_model

IMAGE, OTHER = "test/sad/PublicTest_0", "test/fear/PrivateTest_1"
TIME = "2026-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
def empty_caches_and_a_new_session() -> Iterator[None]:
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.session_state.pop(keys.MARKS_OF_VISIT, None)


@pytest.fixture
def read_only(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with one stored mark, in a server on which visitors store nothing."""
    store.add("fer2013", [Mark(OTHER, "ambiguous", None, "stored", TIME)])
    monkeypatch.setenv("FERSCOPE_READ_ONLY", "1")
    return shipped


def facts() -> list[tuple[str, str, str | None, str]]:
    return [(mark.image_id, mark.kind, mark.label, mark.note) for mark in review.marks()]


def test_marks_are_set_replaced_and_removed(shipped: Path) -> None:
    assert review.marks() == () and review.marked_ids() == frozenset() and review.notice() is None
    review.add(IMAGE, "wrong-label", "fear", "note")
    review.add(IMAGE, "wrong-label", "angry")
    review.add(OTHER, "interesting")
    assert sorted(facts()) == [(OTHER, "interesting", None, ""), (IMAGE, "wrong-label", "angry", "")]
    assert [mark.kind for mark in review.marks_of(IMAGE)] == ["wrong-label"] and review.marks_of("x") == ()
    assert review.marked_ids() == {IMAGE, OTHER}
    review.remove(IMAGE, "wrong-label")
    review.remove(IMAGE, "wrong-label")
    assert facts() == [(OTHER, "interesting", None, "")]
    assert store.marks("fer2013") == review.marks() and review.is_stored()


def test_marks_by_others_are_there_at_the_next_run_and_the_stamp_changes(shipped: Path) -> None:
    stamps = [review.stamp()]
    for change in (
        lambda: store.add("fer2013", [Mark(IMAGE, "ambiguous", None, "", TIME)]),
        lambda: store.add("fer2013", [Mark(IMAGE, "ambiguous", None, "changed", TIME)]),
        lambda: store.remove("fer2013", IMAGE),
    ):
        change()
        assert review.stamp() not in stamps
        stamps.append(review.stamp())
        assert review.marks() == store.marks("fer2013")
        assert review.stamp() == stamps[-1]


def test_marks_are_those_of_the_data_set_in_use(shipped: Path, tmp_path: Path) -> None:
    from core.data.importing import import_dataset
    from tests.fixtures import synthetic

    review.add(IMAGE, "ambiguous")
    files = {name: content for name, content in synthetic.files().items() if "Training_9" not in name}
    import_dataset(synthetic.write_zip(tmp_path / "other.zip", files))
    assert review.marks() == ()
    review.add(OTHER, "ambiguous")
    assert review.marked_ids() == {OTHER}
    (paths.DATA_DIR / "fer2013" / "current").unlink()
    assert review.marked_ids() == {IMAGE}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((IMAGE, "wrong-label", "sad"), "is labelled sad"),
        (("nobody\ud800", "ambiguous"), "unknown image"),
        ((IMAGE, "odd"), "unknown kind of mark"),
        ((IMAGE, "ambiguous", None, "x" * 501), "the note has 501 characters"),
    ],
)
def test_a_mark_that_cannot_be_is_refused(shipped: Path, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        review.add(*arguments)
    assert review.marks() == ()


def test_in_a_read_only_server_marks_are_kept_for_the_visit_beside_the_stored_ones(read_only: Path) -> None:
    assert "last as long as your visit" in review.notice() and not review.is_stored()
    before = review.stamp()
    review.add(IMAGE, "wrong-label", "fear")
    assert review.stamp() != before
    assert review.marked_ids() == {IMAGE, OTHER}
    review.add(OTHER, "ambiguous", note="mine")
    assert [mark.note for mark in review.marks_of(OTHER)] == ["mine"]
    review.remove(OTHER, "ambiguous")
    assert review.marked_ids() == {IMAGE}
    table = csv_file.table(review.data_set_name(), review.marks())
    assert csv_file.read(csv_bytes(table), "fer2013", true_labels()) == list(review.marks())
    assert [mark.note for mark in store.marks("fer2013")] == ["stored"]
    del st.session_state[keys.MARKS_OF_VISIT]  # another visitor
    assert review.marked_ids() == {OTHER}


def test_where_the_data_folder_cannot_be_written_marks_are_kept_for_the_visit(
    shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    review.add(IMAGE, "ambiguous")
    assert review.marked_ids() == {IMAGE} and "last as long as your visit" in review.notice()
    assert not database.database_path().exists()


def test_a_damaged_file_is_named_to_every_visitor(shipped: Path) -> None:
    database.database_path().write_bytes(b"nonsense" * 1000)
    assert review.marks() == ()
    (aside,) = paths.DATA_DIR.glob("marks-damaged-*")
    assert aside.name in review.notice()
    review.add(IMAGE, "ambiguous")
    assert review.marked_ids() == {IMAGE} and aside.name in review.notice()


def test_marks_that_cannot_be_read_are_none_and_the_reason_is_a_sentence(shipped: Path) -> None:
    database.database_path().mkdir()
    assert review.marks() == () and "it is a folder; remove or rename it" in review.notice()
    with pytest.raises(InputError, match="it is a folder"):
        review.add(IMAGE, "ambiguous")
    database.database_path().rmdir()
    assert review.notice() is None


def test_the_slice_of_marked_images_follows_the_marks_and_other_slices_do_not_depend_on_them(shipped: Path) -> None:
    for name in ("one", "two"):
        write_model(name, skill=2, seed=len(name))
    models = ("one", "two")
    assert resources.comparisons.compare(*models, "marked") is None
    others = resources.comparisons.compare(*models, "leak_free"), resources.comparisons.rows(*models, "leak_free")
    review.add(IMAGE, "ambiguous")
    assert resources.comparisons.compare(*models, "marked").images == 1
    assert resources.comparisons.rows(*models, "marked")["image_id"].tolist() == [IMAGE]
    review.add(OTHER, "ambiguous")
    review.add("train/sad/Training_0", "ambiguous")
    assert resources.comparisons.compare(*models, "marked").images == 2
    assert sorted(resources.comparisons.rows(*models, "not_blank,marked")["image_id"]) == [OTHER, IMAGE]
    assert resources.comparisons.figures(*models, "marked").scores[0].n == 2
    assert resources.comparisons.compare(*models, "leak_free") is others[0]
    assert resources.comparisons.rows(*models, "leak_free") is others[1]
    assert "marked" not in resources.predictions.pairs(*models)


def test_a_slice_that_names_no_marks_does_not_read_them(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_model("one", skill=2)
    monkeypatch.setattr(store, "version", lambda *_: pytest.fail("the marks were read"))
    assert resources.comparisons.compare("one", "one", "leak_free").images > 0
    assert len(resources.comparisons.rows("one", "one", "dark")) >= 0
