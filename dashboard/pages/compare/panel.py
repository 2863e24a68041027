"""The faces of one cell of a confusion matrix, chosen by a click or in a form, on the Compare page itself."""

import pandas as pd
import streamlit as st

from core.emotions import EMOTIONS
from core.evaluation import errors, slices
from core.evaluation.two_models.wording import cell_title
from dashboard import keys, navigation, resources
from dashboard.components import clickable, downloads, face_view, links, notices, pickers
from dashboard.plain_text import escape_html

SHOWN = 12
"""Number of faces that are shown; the Errors page shows all of them."""

SCROLL_HERE = "<script>document.querySelector('.ferscope-cell-title')?.scrollIntoView({block: 'nearest'})</script>"

MARKED = "box-shadow: inset 0 0 0 3px currentColor;"
"""Style of the cell whose faces are shown. It comes with the faces, because the form does not run the matrix again."""

Models = tuple[str, str]


def choose_cell(true: str, predicted: str, side: str) -> None:
    """Choose a cell of the confusion matrix of model "A" or "B". Call this before the widgets of the form are shown."""
    st.session_state[keys.CELL_TRUE], st.session_state[keys.CELL_PREDICTED] = true, predicted
    st.session_state[keys.CELL_SIDE] = side
    st.session_state[keys.CELL_CLICKED] = True
    face_view.close()


def chosen_cell() -> tuple[str, str] | None:
    """Return the true and the predicted label of the chosen cell, or None."""
    true, predicted = (st.session_state.get(key) for key in (keys.CELL_TRUE, keys.CELL_PREDICTED))
    return (true, predicted) if true and predicted else None


@st.fragment
def show(models: Models, slice_name: str) -> None:
    """Show the form that chooses a cell, and the worst faces of the chosen cell."""
    pickers.choose_again_if_gone(models)
    with st.container(key=keys.CELL_PANEL):
        side = _form()
        cell = chosen_cell()
        if cell is None:
            st.html('<p class="ferscope-note">Press a cell or a pair, or choose two labels, to see the faces.</p>')
            _show_split(models, None)
        else:
            _show_cell(models, slice_name, side, *cell)


def _form() -> str:
    """Show the widgets for true label, predicted label and model, and return the model, "A" or "B"."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choose = "Choose a label"
        st.selectbox("Faces labelled", EMOTIONS, None, key=keys.CELL_TRUE, placeholder=choose, persist_state="session")
        st.selectbox(
            "predicted as", EMOTIONS, None, key=keys.CELL_PREDICTED, placeholder=choose, persist_state="session"
        )
        st.session_state.setdefault(keys.CELL_SIDE, "A")
        side = st.segmented_control("by", ["A", "B"], required=True, key=keys.CELL_SIDE, persist_state="session")
    return side or "A"


def _show_cell(models: Models, slice_name: str, side: str, true: str, predicted: str) -> None:
    pairs = resources.comparisons.rows(*models, slice_name)
    found = errors.cell_images(pairs, true, predicted, side.lower())
    labelled = int((pairs["true_label"] == true).sum())
    st.html(_title_html(models, slice_name, side, true, predicted, len(found), labelled), unsafe_allow_javascript=True)
    if found.empty:
        return
    if resources.data.faces() is None:
        notices.data_missing_notice("Here are the images' ids and predictions, but no faces")
    _show_split(models, found["image_id"])
    with st.container(horizontal=True):
        label = f"Open all {len(found):,} in Errors" if len(found) > 1 else "Open it in Errors"
        if st.button(label, key=keys.OPEN_CELL, icon=navigation.page("errors").icon):
            links.open_cell(side.lower(), true, predicted)
        downloads.csv_button(lambda: errors.error_list(found, *models), "cell", "List of these images as CSV")


def _show_split(models: Models, image_ids: "pd.Series[str] | None") -> None:
    """Show the first of the images as tiles, and beside them the face that is open, which a link may have opened."""
    opened = face_view.opened()
    with st.container(key=keys.FACE_SPLIT):
        if image_ids is not None:
            html = face_view.tiles_html(image_ids.head(SHOWN), models, "Faces of this cell")
            clickable.show(html, keys.CELL_TILES, _open_pressed, opened)
        if opened is not None:
            face_view.show(opened, models, [] if image_ids is None else list(image_ids))


def _open_pressed() -> None:
    face_view.open_face(clickable.choice_of(keys.CELL_TILES))


def _title_html(
    models: Models, slice_name: str, side: str, true: str, predicted: str, count: int, labelled: int
) -> str:
    share = f", {count / labelled:.0%} of the {labelled:,} labelled {true}".replace("%", " %") if labelled else ""
    name = escape_html(models["AB".index(side)])
    which = f"The {SHOWN} with the highest confidence." if count > SHOWN else ""
    scroll = SCROLL_HERE if st.session_state.pop(keys.CELL_CLICKED, False) else ""
    title = f"<h3>{cell_title(true, predicted)}, by {side}: {name}</h3>"
    return (
        f'<div class="ferscope-cell-title" role="status">{title}'
        f"<p><strong>n = {count:,}</strong>{share} · {escape_html(slices.slice_title(slice_name))}. {which}</p></div>"
        f"<style>.ferscope-clickable button[data-choice='{true} {predicted}'] {{ {MARKED} }}</style>{scroll}"
    )
