"""Marks in the view of one face."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup, TextInput

from core.exceptions import InputError
from core.review.marks import KINDS, WRONG_LABEL
from dashboard import keys, resources
from dashboard.components import downloads
from tests.dashboard.components.face_view.opening import checked, html_of, open_view, press

IMAGE = "test/happy/PublicTest_0"


def mark_key(kind: str) -> str:
    return keys.per_item(keys.FACE_MARK, kind)


def marks() -> dict[str, tuple[str | None, str]]:
    """Return kind -> label and note, of the marks of the image."""
    return {mark.kind: (mark.label, mark.note) for mark in resources.review.marks_of(IMAGE)}


def note_field(app: AppTest) -> TextInput:
    return app.text_input(key=keys.per_item(keys.FACE_NOTE, IMAGE))


def label_pills(app: AppTest) -> ButtonGroup[str]:
    return app.button_group(key=keys.per_item(keys.FACE_RIGHT_LABEL, IMAGE))


@pytest.mark.parametrize("kind", KINDS)
def test_a_button_sets_its_mark_and_takes_it_away_again(models: Path, kind: str) -> None:
    app = press(open_view(IMAGE), mark_key(kind))
    assert marks() == {kind: (None, "")}
    assert f"<strong>{KINDS[kind].title}</strong>" in html_of(app)
    press(app, mark_key(kind))
    assert marks() == {}


def test_each_kind_has_a_key_that_no_other_button_of_the_view_has(models: Path) -> None:
    shortcuts = [button.proto.shortcut for button in open_view(IMAGE).button if button.proto.shortcut]
    assert {entry.shortcut for entry in KINDS.values()} < set(shortcuts)
    assert len(shortcuts) == len(set(shortcuts)) == len(KINDS) + 3


def test_a_wrong_label_asks_which_one_is_right_and_offers_all_others(models: Path) -> None:
    app = open_view(IMAGE)
    assert not app.button_group
    press(app, mark_key(WRONG_LABEL))
    assert sorted(label_pills(app).options) == ["angry", "disgust", "fear", "neutral", "sad", "surprise"]
    checked(label_pills(app).set_value("sad").run())
    assert marks() == {WRONG_LABEL: ("sad", "")} and "right: sad" in html_of(app)
    checked(label_pills(app).set_value(None).run())
    assert marks() == {WRONG_LABEL: (None, "")}


def test_a_note_written_before_the_mark_is_kept_with_it_and_one_written_later_replaces_it(models: Path) -> None:
    app = open_view(IMAGE)
    checked(note_field(app).set_value("looks <b>calm</b>").run())
    assert marks() == {}
    press(app, mark_key("ambiguous"))
    assert marks() == {"ambiguous": (None, "looks <b>calm</b>")}
    assert "looks &lt;b&gt;calm&lt;/b&gt;" in html_of(app)
    checked(note_field(app).set_value("looks tired").run())
    assert marks() == {"ambiguous": (None, "looks tired")}


def test_undo_takes_the_latest_change_back_whether_a_mark_was_set_or_removed(models: Path) -> None:
    app = press(open_view(IMAGE), mark_key("interesting"))
    press(app, keys.FACE_UNDO)
    assert marks() == {}
    resources.review.add(IMAGE, WRONG_LABEL, "sad", "by somebody")
    press(checked(app.run()), mark_key(WRONG_LABEL))
    assert marks() == {}
    press(app, keys.FACE_UNDO)
    assert marks() == {WRONG_LABEL: ("sad", "by somebody")}
    assert keys.FACE_UNDO not in [button.key for button in app.button]


def test_a_mark_that_cannot_be_stored_is_a_sentence_and_there_is_nothing_to_undo(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise InputError("The disk is full; make *room* there.")

    monkeypatch.setattr(resources.review, "add", fail)
    app = press(open_view(IMAGE), mark_key("interesting"))
    assert r"The disk is full; make \*room\* there." in app.error[0].value
    assert keys.FACE_UNDO not in [button.key for button in app.button]
    assert not checked(app.run()).error


def test_in_a_shared_deployment_marks_last_as_long_as_the_visit_and_the_view_says_so(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FERSCOPE_READ_ONLY", "1")
    app = press(open_view(IMAGE), mark_key("interesting"))
    html = html_of(app)
    assert "<strong>Interesting</strong>" in html and resources.review.OF_VISIT in html
    assert "<strong>Interesting</strong>" not in html_of(open_view(IMAGE))


def test_two_people_who_set_the_same_mark_at_once_keep_it_and_what_the_first_one_wrote(models: Path) -> None:
    app = open_view(IMAGE)
    resources.review.add(IMAGE, WRONG_LABEL, "sad", "by the other")
    press(app, mark_key(WRONG_LABEL))
    assert marks() == {WRONG_LABEL: ("sad", "by the other")}
    resources.review.remove(IMAGE, WRONG_LABEL)
    press(app, mark_key(WRONG_LABEL))  # both take it away
    assert marks() == {}


def test_the_note_in_the_field_belongs_to_the_mark_that_it_names(models: Path) -> None:
    app = press(open_view(IMAGE), mark_key("ambiguous"))
    checked(note_field(app).set_value("tired").run())
    press(app, mark_key("interesting"))
    assert marks() == {"ambiguous": (None, "tired"), "interesting": (None, "")}
    assert (note_field(app).label, note_field(app).value) == ("Note on “Interesting”", "")
    resources.review.add(IMAGE, "not-a-face")  # by somebody else, before the note is written
    checked(note_field(app).set_value("a twin").run())
    assert marks()["interesting"] == (None, "a twin") and marks()["not-a-face"] == (None, "")


def test_the_latest_of_two_marks_of_one_second_is_the_one_that_the_visitor_has_set(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources.review, "now", lambda: "2026-07-26T12:34:56Z")
    for kinds in (("ambiguous", "interesting"), ("interesting", "ambiguous")):
        app = open_view(IMAGE)
        for kind in kinds:
            press(app, mark_key(kind))
        assert note_field(app).label == f"Note on “{KINDS[kinds[1]].title}”"
        for kind in kinds:
            resources.review.remove(IMAGE, kind)


def test_all_marks_can_be_saved_and_those_of_a_visit_too(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(downloads, "csv_button", lambda make, *arguments, **options: made.append(make))
    monkeypatch.setenv("FERSCOPE_READ_ONLY", "1")
    app = open_view(IMAGE)
    assert not made
    press(app, mark_key("interesting"))
    assert made[-1]()["image_id"].tolist() == [IMAGE]  # called outside of the visit, as a server does
