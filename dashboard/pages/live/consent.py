"""What happens with a camera's frames, and the visitor's consent."""

import streamlit as st

from dashboard import keys, visits
from dashboard.components import links
from dashboard.streaming import camera

PRIVACY = (
    "**Before the camera starts.** Your camera's frames go to the server that runs this page, which reads them in its "
    "memory and sends them back with boxes drawn; no frame is ever written to a disk or a log. What the models say, "
    "with a small crop of your face for each step of a guided round, is kept in memory for the downloads below and is "
    "gone minutes after you close the tab.  \n"
    "Not for use at work or in education. What you see is a *predicted expression*: how a face looks to a model, "
    "not what anybody feels."
)


CONSENT = "I agree, and everybody else in view of my camera agrees too"


def consent() -> bool:
    """What happens with the frames, a box to agree to it, and what stands in the way of a camera."""
    st.info(PRIVACY, icon=":material/shield_person:")
    if obstacle := camera.obstacle():
        st.warning(obstacle, icon=":material/lock_open:")
        links.page_link("photo", "Open a picture on the Photo page")
    # Streamlit forgets a widget's value when its page is left; the answer holds until the tab is closed.
    agreed = st.checkbox(
        CONSENT, st.session_state.get(keys.AGREED, False), key=keys.in_visit("consent", visits.visit())
    )
    st.session_state[keys.AGREED] = agreed
    return agreed


def ask_for_consent() -> None:
    """What to do while the box above is empty."""
    st.container(key="live-consent").info(
        "The START button comes when you tick the box above. Without a camera, the Photo page reads pictures.",
        icon=":material/check_box:",
    )
    links.page_link("photo")
