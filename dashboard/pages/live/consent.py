"""The privacy notice and the visitor's consent."""

import streamlit as st

from dashboard import keys, visits
from dashboard.components import links
from dashboard.streaming import camera

NOTICE = (
    "**Before the camera starts.** Its frames go to the server that runs this page, which never writes a frame to a "
    "disk or a log. Do not use this at work or in education."
)

DETAILS = (
    "Your camera's frames go to the server that runs this page. The server processes them in memory and sends them "
    "back with boxes around the faces. It never writes a frame to a disk or a log.\n\n"
    "Predictions are kept in memory for the downloads, with one small crop of your face per step of a guided round. "
    "They are deleted a few minutes after you close the tab.\n\n"
    "Do not use this at work or in education. The result is a *predicted expression*: how a face looks to a model, "
    "not what a person feels. A label is marked uncertain if its probability is below the model's threshold, or if "
    "the face is too dark, too small or blurred."
)

CONSENT = "I agree, and so does everybody in view"


def request_consent() -> bool:
    """Show the consent box and a button that opens the privacy notice, and any obstacle to using the camera.

    Before the visitor agrees, show a short notice too. Return whether the box is ticked.
    """
    key = keys.per_visit("consent", visits.visit())
    # Streamlit forgets a widget's value when the visitor leaves the page. Consent must last until the tab is closed.
    agreed_before = bool(st.session_state.get(keys.AGREED, False))
    # An empty place, so that the camera below keeps its position, and its stream, when the notice comes or goes.
    notice = st.empty()
    if not st.session_state.get(key, agreed_before):
        notice.info(NOTICE, icon=":material/shield_person:")
    with st.container(key="live-privacy", horizontal=True, vertical_alignment="center"):
        agreed = st.checkbox(CONSENT, agreed_before, key=key)
        st.popover("More", type="tertiary").markdown(DETAILS)
    if obstacle := camera.obstacle():
        st.warning(obstacle, icon=":material/lock_open:")
        links.page_link("photo", "Upload a photo on the Photo & video page")
    st.session_state[keys.AGREED] = agreed
    return agreed


def show_consent_missing() -> None:
    """Explain what to do while the consent box is empty."""
    st.container(key="live-consent").markdown("The START button appears when you tick the box above.")
    links.page_link("photo", "No camera? Use the Photo & video page")
