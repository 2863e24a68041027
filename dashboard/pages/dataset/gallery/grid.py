"""The faces of the gallery, page by page, beside the view of the face that is open."""

import pandas as pd
import streamlit as st

from dashboard import keys, resources
from dashboard.components import clickable, displays, downloads, face_view, pickers
from dashboard.pages.dataset.gallery import facts as all_facts
from dashboard.pages.dataset.gallery import filter, tiles
from dashboard.pages.dataset.gallery.kinds import KINDS
from dashboard.pages.dataset.gallery.listing import Choice, Listing, table
from dashboard.pages.dataset.texts import counted
from dashboard.plain_text import escape_html
from dashboard.resources.stamps import Stamp, data_stamp

SIZES, DEFAULT_SIZE = ("24", "48", "96"), "48"

NO_IMAGES = (
    "The faces are not shown, because no images are imported. *Import the images*, below, brings them; all figures "
    "stand without them."
)


@st.fragment
def show(choice: Choice, listing: Listing, stamp: Stamp) -> None:
    """Show the images of the list, and the open face. A press on a face does not run the filters.

    `stamp` is that of the data set that the positions of the list belong to.
    """
    if stamp != data_stamp():
        st.rerun()  # another data set has been imported
    facts = all_facts.load()
    opened = face_view.opened()
    kind = KINDS[choice.kind]
    with st.container(key=keys.GALLERY_LINE, horizontal=True, vertical_alignment="center"):
        st.html(_count_html(choice, listing, facts))
        start, end = _shown_groups(listing, opened, bool(kind.groups))
        if listing.group_count:
            make = lambda: table(listing, facts, bool(kind.groups))  # noqa: E731
            downloads.csv_button(make, f"images-{choice.kind}", "CSV", keys.per_item("csv", "gallery"), type="tertiary")
        face_view.marks_csv_button(keys.GALLERY_MARKS_CSV)
    if resources.data.faces() is None:
        st.caption(NO_IMAGES)
    if not listing.group_count:
        st.info("No image matches these filters. Change one of them.", icon=":material/search_off:")
    with st.container(key=keys.FACE_SPLIT):
        if listing.group_count:
            shown = listing.of_groups(start, end)
            faces = resources.data.faces_of(facts.manifest["image_id"].iloc[shown.positions])
            clickable.show(tiles.grid_html(shown, choice, facts, faces), keys.GALLERY_TILES, _open_pressed, opened)
        if opened is not None:
            ids = facts.manifest["image_id"].iloc[pd.unique(listing.positions)].tolist()
            face_view.show(opened, _models(), ids)


def _count_html(choice: Choice, listing: Listing, facts: all_facts.Facts) -> str:
    """Return how many images match. On a phone, where the filters are folded away, the choice follows in words."""
    count = counted(len(listing.positions), "image")
    if KINDS[choice.kind].groups:
        is_test = facts.manifest["split"].to_numpy()[pd.unique(listing.positions)] == "test"
        tests = counted(int(is_test.sum()), "test image")
        count = f"{counted(listing.group_count, 'group')}: {tests}, {(~is_test).sum():,} of Training"
    kind = "" if choice.is_narrowed else choice.kind
    return (
        f'<p class="ferscope-found" role="status" data-kind="{kind}"><strong>{count}</strong>'
        f'<label for="ferscope-unfold"> · {escape_html(choice.sentence())}</label></p>'
    )


def _shown_groups(listing: Listing, opened: str | None, is_grouped: bool) -> tuple[int, int]:
    """Show page numbers and the size of a page. Return the numbers of the first group and the one after the last."""
    follow = _group_to_follow(listing, opened)
    groups = pd.DataFrame({"image_id": listing.first_of_groups()})  # their positions name the images as well
    label = "groups per page" if is_grouped else "per page"
    size = filter.choose(st.container(), label, {name: name for name in SIZES}, keys.GALLERY_SIZE, DEFAULT_SIZE)
    shown = displays.paginate(groups, int(size), follow)
    start = int(shown.index[0]) if len(shown) else 0
    return start, start + len(shown)


def _group_to_follow(listing: Listing, opened: str | None) -> int | None:
    """Return the group of the open face if it has just been opened, so that its page is turned to."""
    followed = st.session_state.get(keys.FOLLOWED)
    st.session_state[keys.FOLLOWED] = opened
    if opened is None or opened == followed:
        return None
    return listing.group_of(int(resources.data.positions([opened])[0]))


def _open_pressed() -> None:
    face_view.open_face(clickable.choice_of(keys.GALLERY_TILES))


def _models() -> tuple[str, ...]:
    """Return models A and B that the visitor has chosen on other pages, or else the default ones; none without any."""
    names = resources.predictions.model_names()
    if not names:
        return ()
    chosen = (st.session_state.get(keys.MODEL_A), st.session_state.get(keys.MODEL_B))
    a, b = chosen if set(chosen) <= set(names) else pickers.default_pair(names)
    return str(a), str(b)
