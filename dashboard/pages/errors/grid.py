"""The grid of faces, page by page, beside the view of the face that is open."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.evaluation import errors
from core.evaluation.errors import WRONG_MODELS
from core.review.slice_columns import MARKED, columns_of
from dashboard import keys, resources
from dashboard.components import clickable, displays, downloads, face_view, notices, pickers
from dashboard.components.addressed import warn_of_unknown
from dashboard.pages.errors import tiles
from dashboard.pages.errors.filter import ErrorFilter
from dashboard.plain_text import escape_html

PAGE_SIZES, DEFAULT_SIZE = ("12", "30", "60"), "30"


@st.fragment
def show(choice: ErrorFilter, found: pd.DataFrame, images: int) -> None:
    """Show the images that were found among `images`, and the open face. A press on a face does not run the page."""
    pickers.choose_again_if_gone(choice.models)
    ids = found["image_id"].tolist()
    opened = face_view.opened()
    with st.container(key=keys.ERRORS_LINE, horizontal=True, vertical_alignment="center"):
        st.html(_count_html(choice, len(found), images))
        shown = displays.paginate(found, _page_size(), follow=_position_to_follow(opened, ids))
        if ids:
            downloads.csv_button(lambda: errors.error_list(found, *choice.models), "errors", "CSV", type="tertiary")
        _marked_button(choice.slice_name)
        face_view.marks_csv_button(keys.ERRORS_MARKS_CSV)
    if not images:
        notices.empty_slice_notice(choice.slice_name)
    elif not ids:
        st.info(
            "No image of this slice matches these filters. Change one of the filters.", icon=":material/search_off:"
        )
    elif resources.data.faces() is None:
        notices.data_missing_notice()
    with st.container(key=keys.FACE_SPLIT):
        if ids:
            html = tiles.grid_html(shown, choice.models, resources.data.faces_of(shown["image_id"]))
            clickable.show(html, keys.ERRORS_TILES, _open_clicked, opened)
        if opened is not None:
            face_view.show(opened, choice.models, ids)


def _count_html(choice: ErrorFilter, count: int, images: int) -> str:
    """Return how many images match. On a phone, where the filters are folded away, the choice follows in words."""
    return (
        f'<p class="ferscope-found" role="status"><strong>{count:,} of {images:,} images</strong>'
        f'<label for="ferscope-unfold"> {escape_html(choice.sentence())}</label></p>'
    )


def _page_size() -> int:
    """Choose how many faces a page has."""
    warn_of_unknown(keys.PAGE_SIZE, "a number of faces per page", PAGE_SIZES)
    default = PAGE_SIZES.index(DEFAULT_SIZE)
    size = st.selectbox(
        "per page", PAGE_SIZES, default, key=keys.PAGE_SIZE, bind="query-params", persist_state="session"
    )
    return int(size)


def _marked_button(slice_name: str) -> None:
    """Show how many test images are marked, if any are, as a button that shows only these."""
    marked = list(filter(resources.data.is_known, resources.review.marked_ids()))
    splits = resources.data.manifest()["split"].iloc[resources.data.positions(marked)]
    count = int((splits == "test").sum())
    if not count or MARKED in columns_of(slice_name):
        return
    help_text = "Show only the marked images, among all test images and whoever is wrong."
    if st.button(f"{count:,} marked", key=keys.ERRORS_MARKED, type="tertiary", help=help_text, on_click=_choose_marked):
        st.rerun()  # the filters lie outside of this fragment


def _choose_marked() -> None:
    for key in (keys.TRUE_LABEL, keys.PREDICTED_LABEL):
        st.session_state.pop(key, None)
    st.session_state[keys.WHO_IS_WRONG] = WRONG_MODELS["all"].title
    st.session_state[keys.SLICE] = [MARKED]


def _position_to_follow(opened: str | None, ids: Sequence[str]) -> int | None:
    """Return the position of the open face in the list if it has just been opened, so that its page is turned to."""
    followed = st.session_state.get(keys.FOLLOWED)
    st.session_state[keys.FOLLOWED] = opened
    return ids.index(opened) if opened is not None and opened != followed and opened in ids else None


def _open_clicked() -> None:
    face_view.open_face(clickable.choice_of(keys.ERRORS_TILES))
