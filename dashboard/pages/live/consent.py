"""The privacy notice and the visitor's consent."""

import streamlit as st

from dashboard import keys, visits
from dashboard.components import links
from dashboard.streaming import camera

PRIVACY = (
    "**Before the camera starts.** Your camera's frames go to the server that runs this page. The server processes "
    "them in memory and sends them back with boxes around the faces. It never writes a frame to a disk or a log. "
    "Predictions are kept in memory for the downloads below, with one small crop of your face per step of a guided "
    "round. They are deleted a few minutes after you close the tab.  \n"
    "Do not use this at work or in education. The result is a *predicted expression*: how a face looks to a model, "
    "not what a person feels."
)


CONSENT = "I agree, and everybody else in view of my camera agrees too"


def request_consent() -> bool:
    """Show the privacy notice, any obstacle to using the camera, and the consent box.

    Return whether the box is ticked.
    """
    st.info(PRIVACY, icon=":material/shield_person:")
    if obstacle := camera.obstacle():
        st.warning(obstacle, icon=":material/lock_open:")
        links.page_link("photo", "Upload a photo on the Photo & video page")
    # Streamlit forgets a widget's value when the visitor leaves the page. Consent must last until the tab is closed.
    agreed = st.checkbox(
        CONSENT, st.session_state.get(keys.AGREED, False), key=keys.per_visit("consent", visits.visit())
    )
    st.session_state[keys.AGREED] = agreed
    return agreed


def show_consent_missing() -> None:
    """Explain what to do while the consent box is empty."""
    st.container(key="live-consent").info(
        "The START button appears when you tick the box above. Without a camera, use the Photo & video page.",
        icon=":material/check_box:",
    )
    links.page_link("photo")
