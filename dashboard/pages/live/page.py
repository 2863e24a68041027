"""The webcam: every frame's faces, read by the chosen models while you look into the camera."""

import streamlit as st

from dashboard.components import layout
from dashboard.pages.live import camera_view, choices, consent, course, readings_view, round
from dashboard.pages.live import session as live_session

layout.page_header("Live", "Look into your camera and watch the models read each frame, side by side.")
agreed = consent.consent()
choice = choices.choose()
if not agreed:
    consent.ask_for_consent()
    st.stop()

session = live_session.current()
video, readings = st.columns([3, 2], gap="medium")
with video:
    context = camera_view.show_camera(choice, session)
if context is not None:
    with readings:
        readings_view.show_readings(context, session)
# Below both, so that on a phone the readings stand under the video; and who waits in the queue keeps what he has.
playing = context is not None and context.state.playing
course.show_course(playing, session, list(choice.classifiers))
course.show_downloads(context.video_processor if context else None, session)
round.show(playing, session.guided)
