"""The view of one face, from top to bottom."""

from collections.abc import Sequence

import streamlit as st

from core import paths
from dashboard import keys, resources
from dashboard.components.face_view import address, answers, facts, marking, similar, why, words
from dashboard.plain_text import escape_html

SCRIPT = (paths.ROOT / "dashboard" / "assets" / "face_view.js").read_text(encoding="utf-8")


def show(image_id: str, models: Sequence[str], ids: Sequence[str]) -> None:
    """Show one face of the data set in use. Call this within a fragment that holds the list of faces too.

    `models` are A and B, or none. `ids` are the images of the list in which the face stands, in order: previous and
    next go through them. From a face that is not in the list, a button leads back to the latest one that is.
    """
    models = tuple(dict.fromkeys(models))
    row = facts.row_of(image_id)
    faces = resources.data.faces_of([image_id])
    face = None if faces is None else faces[0]
    true = str(row["true_label"])
    said = [answers.answer(model, image_id, face) for model in models]
    guests = answers.answers_of_guests(image_id, models)
    with st.container(key=keys.FACE_VIEW, gap="small"):
        _head(image_id, true, list(ids))
        html = f'<div class="ferscope-face-body">{_id_html(image_id)}{words.face_html(row, face, said)}</div>'
        # Another image has another id, so the script runs again.
        st.html(f"{html}<script>// {escape_html(image_id)}\n{SCRIPT}</script>", unsafe_allow_javascript=True)
        marking.show(image_id, true)
        why.show(face, said, true)
        st.html(f'<div class="ferscope-face-body">{words.facts_html(row, said, guests)}</div>')
        similar.show(row, face, models)


def _head(image_id: str, true: str, ids: list[str]) -> None:
    """Show where the face stands in the list, and the buttons that lead to others and close the view."""
    at = ids.index(image_id) if image_id in ids else None
    if at is not None:
        st.session_state[keys.FACE_OF_LIST] = image_id
    with st.container(key=keys.FACE_HEAD, horizontal=True, vertical_alignment="center", gap="small"):
        place = "Not in this list" if at is None else f"{at + 1:,} of {len(ids):,}"
        title = f'<h2 class="ferscope-face-title" tabindex="-1">{place}</h2>'
        st.html(f'<div role="status">{title}<span class="ferscope-unseen">, labelled {true}</span></div>')
        if at is None:
            _back_button(ids)
        else:
            _step_button("Previous", keys.FACE_PREVIOUS, "k", -1, ids, at > 0)
            _step_button("Next", keys.FACE_NEXT, "j", 1, ids, at + 1 < len(ids))
        st.button("Close", key=keys.FACE_CLOSE, icon=":material/close:", shortcut="Esc", on_click=address.close)


def _step_button(label: str, key: str, shortcut: str, step: int, ids: list[str], is_enabled: bool) -> None:
    icon = ":material/chevron_left:" if key == keys.FACE_PREVIOUS else ":material/chevron_right:"
    st.button(
        label,
        key=key,
        icon=icon,
        shortcut=shortcut,
        help=f"{label} face in the list",
        disabled=not is_enabled,
        on_click=address.step,
        args=(step, ids),
    )


def _back_button(ids: list[str]) -> None:
    """Show a button that leads back from a similar face to the face of the list at which the visitor was."""
    latest = st.session_state.get(keys.FACE_OF_LIST)
    if latest in ids:
        st.button(
            "Back to the list",
            key=keys.FACE_BACK,
            icon=":material/undo:",
            shortcut="k",
            on_click=address.open_face,
            args=(latest,),
        )


def _id_html(image_id: str) -> str:
    shown = escape_html(image_id)
    button = f'<button type="button" data-copy="{shown}">Copy</button>'
    return f'<p class="id"><code>{shown}</code>{button}</p>'
