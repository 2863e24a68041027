"""How pages are laid out: titles, sections, columns."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def page_header(title: str, lead: str) -> None:
    """The page's title and one or two plain sentences that say what it is for."""
    st.title(title, anchor=False)
    st.html(f'<p class="ferscope-lead">{lead}</p>')


def subheader(title: str, lead: str | None = None) -> None:
    """A section of a page, with a sentence or two of Markdown on how to read it."""
    st.subheader(title, anchor=False)
    if lead:
        st.markdown(lead)


def columns(count: int, per_row: int = 2) -> list[DeltaGenerator]:
    """`count` columns, at most `per_row` beside each other; on a narrow screen all below each other."""
    rows = [st.columns(min(count, per_row)) for _ in range(0, count, per_row)]
    return [column for row in rows for column in row][:count]
