"""What happens to photos and films, and what a predicted expression is: one line, the rest behind "More"."""

import streamlit as st

from dashboard.pages.photo.choices import FILM

BRIEF = "Photos stay in memory and are never stored. Predicted expressions are not feelings."
FILM_BRIEF = "Films are deleted from the server as soon as they are read. Predicted expressions are not feelings."

PREDICTED = (
    "<p>The result is a <em>predicted expression</em>: the label that the face would probably have in FER2013. "
    'A facial expression <a href="https://doi.org/10.1177/1529100619832930" target="_blank" rel="noopener">is not a '
    "feeling</a> (Barrett et al. 2019). Do not use this at work or in education.</p>"
    "<p>A label is marked uncertain if its probability is below the model's threshold, or if the face is too dark, too "
    "small or blurred.</p>"
)

NOTICE = (
    "<p>The server that runs this page keeps photos in memory only and <strong>never stores</strong> them. They are "
    "deleted when you clear them, and a few minutes after you close the page. Use only photos of people who know about "
    f"this use and agree to it.</p>{PREDICTED}"
)

FILM_NOTICE = (
    "<p>While the server reads your film, the film and its results are in a <strong>temporary folder</strong> of this "
    "server. The folder is <strong>deleted</strong> when the reading ends, when you cancel it, or when you leave this "
    "page; after a crash, at the next start of the server. The results are then only in memory, until you clear them "
    "or close the tab. Use only films of people who know about this use and agree to it.</p>"
    f"{PREDICTED}"
)


def show(kind: str) -> None:
    """Show the notice on photos or on films."""
    brief, text = (FILM_BRIEF, FILM_NOTICE) if kind == FILM else (BRIEF, NOTICE)
    more = '<span class="more">More</span>'
    st.html(f'<details class="ferscope-notice"><summary>{brief} {more}</summary>{text}</details>')
