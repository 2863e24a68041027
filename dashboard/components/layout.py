"""Titles, sections and columns of a page."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def page_header(title: str, lead: str) -> None:
    """Show the page's title and its introduction `lead`, which is HTML."""
    st.title(title, anchor=False)
    st.html(f'<p class="ferscope-lead">{lead}</p>')


def subheader(title: str, lead: str | None = None) -> None:
    """Show a section's title and, if given, its introduction `lead`, which is Markdown."""
    st.subheader(title, anchor=False)
    if lead:
        st.markdown(lead)


def columns(count: int, per_row: int = 2) -> list[DeltaGenerator]:
    """Return `count` columns, at most `per_row` in a row. A narrow screen shows one below the other."""
    rows = [st.columns(min(count, per_row)) for _ in range(0, count, per_row)]
    return [column for row in rows for column in row][:count]
