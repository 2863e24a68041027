"""The slice of marked images on the pages, with and without marks."""

from pathlib import Path

from core.review import store
from core.review.marks import Mark
from tests.dashboard.pages.visiting import open_page, page_text

NO_MARKS = "No image of this slice: none is marked yet. Open a face and mark it"


def set_mark(image_id: str) -> None:
    store.add("fer2013", [Mark(image_id, "ambiguous", None, "", "2026-01-01T00:00:00Z")])


def test_without_marks_compare_says_how_to_set_some(poor_models: Path) -> None:
    assert NO_MARKS in page_text(open_page("compare", slice="marked"))
    assert "No image belongs to all of these slices" in page_text(open_page("compare", slice="dark,marked"))


def test_a_mark_that_somebody_else_sets_is_in_the_slice_at_the_next_run(poor_models: Path) -> None:
    app = open_page("compare", slice="marked")
    set_mark("test/sad/PublicTest_0")
    app.run()
    assert NO_MARKS not in page_text(app) and "<strong>n = 1</strong>" in page_text(app)
    set_mark("test/fear/PublicTest_1")
    assert "<strong>n = 2</strong>" in page_text(app.run())


def test_marks_of_training_images_only_leave_the_slice_empty(poor_models: Path) -> None:
    set_mark("train/sad/Training_0")
    assert "No image of this slice has predictions of both models" in page_text(open_page("compare", slice="marked"))
