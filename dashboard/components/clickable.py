"""HTML with parts that can be pressed, such as the cells of a matrix: one element instead of one button per part."""

from collections.abc import Callable

import streamlit as st

from core import paths
from dashboard.plain_text import escape_html

SCRIPT = (paths.ROOT / "dashboard" / "assets" / "clickable.js").read_text(encoding="utf-8")

# Without isolation, so that the app's styles apply. The name is the same for every use.
_component = st.components.v2.component(
    "ferscope_clickable", html='<div class="ferscope-clickable"></div>', js=SCRIPT, isolate_styles=False
)


def button_html(choice: str, content_html: str, attributes: str = "") -> str:
    """Return a button as HTML. A click on it reports `choice`, any text, to `show`.

    `content_html` and `attributes` are HTML too: escape foreign text in them.
    """
    return f'<button type="button" data-choice="{escape_html(choice)}" {attributes}>{content_html}</button>'


def show(html: str, key: str, on_choice: Callable[[], None] = lambda: None, current: str | None = None) -> str | None:
    """Show HTML with buttons made by `button_html`. Return the choice of the button that was just clicked, or None.

    `on_choice` is called before the page, or the fragment that contains this element, runs again; `choice_of(key)` is
    the choice then. The button whose choice is `current` is marked with aria-current, because what it opens is shown.
    When nothing is current any more, this button gets the focus back.
    """
    data = {"html": html, "current": current}
    choice: str | None = _component(data=data, key=key, on_choice_change=on_choice).choice
    return choice


def choice_of(key: str) -> str:
    """Return the choice of the button that was just clicked, within `on_choice` of the element with this key."""
    return str(st.session_state[key].choice)
