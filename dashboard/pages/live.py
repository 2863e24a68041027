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
if context is not None:
    with readings:
        live_panel.show_readings(context, session)
# Below both, so that on a phone the readings stand under the video; and who waits in the queue keeps what he has.
playing = context is not None and context.state.playing
live_data.show_course(playing, session, list(choice.classifiers))
live_data.show_downloads(context.video_processor if context else None, session)
live_round.show(playing, session.guided)
