"""Mark a face: a button with a key for each kind of mark, the right label, a note, and the marks that are there."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.emotions import EMOTIONS
from core.exceptions import InputError
from core.review import csv_file
from core.review.marks import KINDS, LONGEST_NOTE, WRONG_LABEL, Mark
from dashboard import keys, resources
from dashboard.components import clickable, downloads
from dashboard.plain_text import escape_html, escape_markdown


def show(image_id: str, true: str) -> None:
    """Show the marks of an image, and let the visitor set, change and remove them. `true` is its label.

    This is no fragment of its own: the badges of the list must change too, and Streamlit would lose the press on "Next"
    that ends the writing of a note.
    """
    marks = {mark.kind: mark for mark in resources.review.marks_of(image_id)}
    st.html('<h3 class="ferscope-face-part">Mark it</h3>')
    with st.container(horizontal=True, gap="small", key=keys.FACE_MARKS):
        for kind in KINDS:
            _mark_button(image_id, kind, kind in marks, not marks)
    # What not every image has stands in a place that each run empties first. Without that, parts of the image before
    # can stay if another run begins meanwhile, and "Remove" would remove the mark of that image.
    right_label = st.empty()
    if WRONG_LABEL in marks:
        with right_label.container():
            _right_label(image_id, true, marks[WRONG_LABEL])
    _note(image_id, list(marks.values()))
    with st.empty().container(gap="small"):
        if marks:
            clickable.show(_marks_html(list(marks.values())), keys.FACE_MARK_LIST, partial(_remove_pressed, image_id))
        with st.container(horizontal=True, key=keys.FACE_MARK_LINKS):
            _undo_button(image_id)
            csv_button(keys.FACE_MARKS_CSV)
        if fault := st.session_state.pop(keys.FACE_FAULT, None):
            st.error(escape_markdown(fault), icon=":material/error:")
        if notice := resources.review.notice():
            st.html(f'<p class="ferscope-note">{escape_html(notice)}</p>')


def csv_button(key: str) -> None:
    """Show a button that saves all marks of the data set, if there are any."""
    marks = resources.review.marks()
    if marks:  # the file is made outside of the visit, which knows its own marks
        make = partial(csv_file.table, resources.review.data_set_name(), marks)
        downloads.csv_button(make, "marks", "All marks as CSV", key, type="tertiary")


def _mark_button(image_id: str, kind: str, is_set: bool, takes_note: bool) -> None:
    entry = KINDS[kind]
    st.button(
        entry.title,
        key=keys.per_item(keys.FACE_MARK, kind),
        type="primary" if is_set else "secondary",
        shortcut=entry.shortcut,
        help=f"{entry.description[0].upper()}{entry.description[1:]}." + (" Press again to remove." if is_set else ""),
        on_click=_toggle,
        args=(image_id, kind, is_set, takes_note),
    )


def _right_label(image_id: str, true: str, mark: Mark) -> None:
    key = keys.per_item(keys.FACE_RIGHT_LABEL, image_id)
    st.session_state[key] = mark.label
    st.pills(
        "Which label is right?",
        [emotion for emotion in EMOTIONS if emotion != true],
        key=key,
        on_change=_set_label,
        args=(image_id,),
    )


def _note(image_id: str, marks: list[Mark]) -> None:
    latest = _latest(image_id, marks)
    key = keys.per_item(keys.FACE_NOTE, image_id)
    if latest:
        st.session_state[key] = latest.note
    st.text_input(
        f"Note on “{KINDS[latest.kind].title}”" if latest else "Note, saved when you mark this face",
        key=key,
        max_chars=LONGEST_NOTE,
        on_change=_set_note,
        args=(image_id, latest.kind if latest else None),
    )


def _undo_button(image_id: str) -> None:
    changed = st.session_state.get(keys.FACE_LAST_MARK)
    if changed and changed[0] == image_id:
        st.button("Undo", key=keys.FACE_UNDO, icon=":material/undo:", shortcut="u", type="tertiary", on_click=_undo)


def _latest(image_id: str, marks: list[Mark]) -> Mark | None:
    """Return the latest mark of an image. Of several of the same second, it is the one that the visitor has set."""
    changed, kind, _ = st.session_state.get(keys.FACE_LAST_MARK) or (None, None, None)
    return max(marks, key=lambda mark: (mark.time, changed == image_id and mark.kind == kind), default=None)


def _marks_html(marks: list[Mark]) -> str:
    rows = "".join(_mark_html(mark) for mark in sorted(marks, key=lambda mark: mark.time))
    return f'<ul class="ferscope-marks" aria-label="Marks">{rows}</ul>'


def _mark_html(mark: Mark) -> str:
    title = KINDS[mark.kind].title
    label = f", right: {mark.label}" if mark.label else ""
    time = f"{mark.time[:10]} {mark.time[11:16]} UTC"
    note = f"<q>{escape_html(mark.note)}</q>" if mark.note else ""
    button = clickable.button_html(mark.kind, "Remove", f'aria-label="Remove the mark: {title}"')
    return f"<li><span><strong>{title}</strong>{label} <small>{time}</small> {note}</span>{button}</li>"


def _mark_of(image_id: str, kind: str) -> Mark | None:
    return next((mark for mark in resources.review.marks_of(image_id) if mark.kind == kind), None)


def _toggle(image_id: str, kind: str, is_set: bool, takes_note: bool) -> None:
    """Remove the mark if the visitor has seen it set, otherwise set it, with the note in the field if it `takes_note`.

    If somebody else has just set the same mark, it stays, with its label and, unless the visitor wrote one, its note.
    """
    before = _mark_of(image_id, kind)
    note = str(st.session_state.get(keys.per_item(keys.FACE_NOTE, image_id)) or "") if takes_note else ""
    review = resources.review
    if not is_set:
        label, old_note = (before.label, before.note) if before else (None, "")
        _change(image_id, kind, before, lambda: review.add(image_id, kind, label, note or old_note))
    elif before:
        _change(image_id, kind, before, lambda: review.remove(image_id, kind))


def _remove_pressed(image_id: str) -> None:
    kind = clickable.choice_of(keys.FACE_MARK_LIST)
    before = _mark_of(image_id, kind)
    if before:
        _change(image_id, kind, before, lambda: resources.review.remove(image_id, kind))


def _set_label(image_id: str) -> None:
    before = _mark_of(image_id, WRONG_LABEL)
    label = st.session_state[keys.per_item(keys.FACE_RIGHT_LABEL, image_id)]
    note = before.note if before else ""
    _change(image_id, WRONG_LABEL, before, lambda: resources.review.add(image_id, WRONG_LABEL, label, note))


def _set_note(image_id: str, kind: str | None) -> None:
    """Write the note to the mark under whose name it was written; None: keep it for the next mark."""
    before = _mark_of(image_id, kind) if kind else None
    if before is None:
        return
    note = st.session_state[keys.per_item(keys.FACE_NOTE, image_id)]
    _change(image_id, before.kind, before, lambda: resources.review.add(image_id, before.kind, before.label, note))


def _undo() -> None:
    image_id, kind, before = st.session_state.pop(keys.FACE_LAST_MARK)
    review = resources.review
    if before is None:
        _change(image_id, kind, None, lambda: review.remove(image_id, kind), can_undo=False)
    else:
        _change(image_id, kind, before, lambda: review.add(image_id, kind, before.label, before.note), can_undo=False)


def _change(image_id: str, kind: str, before: Mark | None, change: Callable[[], object], can_undo: bool = True) -> None:
    """Change a mark that was `before`, None if there was none. If this fails, the view shows why."""
    try:
        change()
    except InputError as error:
        st.session_state[keys.FACE_FAULT] = str(error)
        return
    if can_undo:
        st.session_state[keys.FACE_LAST_MARK] = (image_id, kind, before)
