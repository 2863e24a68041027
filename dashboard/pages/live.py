"""The webcam: every frame's faces, read by the chosen models while you look into the camera."""

import streamlit as st

from dashboard import components, live_data, live_panel, live_round, live_session

components.page_header("Live", "Look into your camera and watch the models read each frame, side by side.")
agreed = live_panel.consent()
choice = live_panel.choose()
if not agreed:
    live_panel.ask_for_consent()
    st.stop()

session = live_session.current()
video, readings = st.columns([3, 2], gap="medium")
with video:
    context = live_panel.show_camera(choice, session)
if context is None:
    st.stop()
with readings:
    live_panel.show_readings(context, session)
# Below both, so that on a phone the readings stand under the video.
live_data.show_course(context, session, list(choice.classifiers))
live_data.show_downloads(context, session)
live_round.show(context, session.guided)
