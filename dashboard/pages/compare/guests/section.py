"""The folded section: the guests that are here, and the form that adds one."""

import streamlit as st

from core.exceptions import InputError
from core.models.card import Card
from dashboard import faults, keys, resources, switches, visits
from dashboard.components import addressed, wording
from dashboard.pages.compare.guests import form
from dashboard.plain_text import escape_markdown

TITLE = "Compare your own model or predictions"

SCROLL_TO_TOP = "<script>document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0)</script>"
"""After a file was added, the verdict on it is at the top, but the button that was pressed may be far below."""


@st.fragment
def show() -> None:
    """Show the section, and what became of the latest guest. What happens here does not run the rest of the page."""
    _show_outcome()
    section = st.expander(
        _title(), key=form.of_this_round(keys.GUEST_FORM), icon=":material/upload_file:", on_change="rerun"
    )
    if section.open:
        with section:
            _show_guests()
            form.show()


def _title() -> str:
    count = sum(card.is_guest for card in resources.models.cards().values())
    return f"{TITLE} ({count} here)" if count else TITLE


def _show_outcome() -> None:
    """Show the sentence on the latest guest until the visitor leaves the page. At first, move the page to it."""
    done: form.Outcome | None = st.session_state.get(keys.GUEST_DONE)
    if done is not None and done.visit == visits.visit():
        st.success(f"{done.sentence} {done.details}".strip(), icon=":material/check:")
        if st.session_state.get(keys.GUEST_SEEN) is not done:
            st.session_state[keys.GUEST_SEEN] = done
            st.html(SCROLL_TO_TOP, unsafe_allow_javascript=True)


def _show_guests() -> None:
    cards = resources.models.cards()
    guests = [cards[name] for name in resources.models.model_names() if cards[name].is_guest]
    for card in guests:
        _show_guest(card)


def _show_guest(card: Card) -> None:
    """Show a guest in a line, with a button that removes it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        visit = " Gone when you close or reload this page." if card.name in resources.guests.of_visit() else ""
        st.markdown(f"**{escape_markdown(card.name)}** · {escape_markdown(_facts(card))}{visit}", width="stretch")
        key = keys.per_item(keys.GUEST_REMOVE, card.name)
        can_remove = bool(visit) or not switches.read_only()
        if can_remove and st.button(
            f"Remove {escape_markdown(card.name)}", key=key, icon=":material/delete:", type="tertiary"
        ):
            _remove(card.name)


def _facts(card: Card) -> str:
    test = card.score("test")
    return f"{wording.percent(test.accuracy)} of {test.n:,} test images, {wording.GUEST_KINDS[card.recipe_name]}."


def _remove(name: str) -> None:
    """Remove a guest and all choices of it, and run the page again."""
    try:
        resources.guests.remove(name)
    except InputError as error:
        faults.show_input_error(error)
        return
    addressed.forget(name)
    st.session_state[keys.GUEST_DONE] = form.Outcome(visits.visit(), f"**{escape_markdown(name)}** was removed.")
    st.rerun()
