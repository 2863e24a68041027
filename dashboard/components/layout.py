"""Titles, sections and columns of a page."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.evaluation.slices import slice_description, slice_title
from dashboard.plain_text import escape_html


def page_header(title: str, lead: str) -> None:
    """Show the page's title and its introduction `lead`, which is HTML."""
    st.title(title, anchor=False)
    st.html(f'<p class="ferscope-lead">{lead}</p>')


def subheader(title: str, lead: str | None = None) -> None:
    """Show a section's title and, if given, its introduction `lead`, which is Markdown."""
    st.header(title, anchor=False)
    if lead:
        st.markdown(lead)


def scope(slice_name: str, images: int) -> None:
    """Show large which images the figures below are about, so that nobody quotes them for others."""
    description = slice_description(slice_name)
    st.html(
        f'<p class="ferscope-scope"><strong>{escape_html(slice_title(slice_name))}</strong> · n = {images:,}</p>'
        f'<p class="ferscope-note">{escape_html(description[0].upper() + description[1:])}.</p>'
    )


def columns(count: int, per_row: int = 2) -> list[DeltaGenerator]:
    """Return `count` columns, at most `per_row` in a row. A narrow screen shows one below the other."""
    rows = [st.columns(min(count, per_row)) for _ in range(0, count, per_row)]
    return [column for row in rows for column in row][:count]
