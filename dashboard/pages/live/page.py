"""The Live page: predict the expressions in the visitor's webcam video."""

import streamlit as st

from dashboard.components import layout
from dashboard.pages.live import camera_view, chart_and_downloads, choices, consent, readings_view, round
from dashboard.pages.live import session as live_session

layout.page_header(
    "Live",
    "Look into your camera. A face detector finds the faces in each frame, and the models you choose predict the "
    "expression of each face. A label is marked uncertain if its probability is below the model's threshold, or if the "
    "face is too dark, too small or blurred.",
)
agreed = consent.request_consent()
choice = choices.choose_settings()
if not agreed:
    consent.show_consent_missing()
    st.stop()

session = live_session.current_session()
video, readings = st.columns([3, 2], gap="medium")
with video:
    context = camera_view.show_camera(choice, session)
if context is not None:
    with readings:
        readings_view.show_readings(context, session)
# These sections are below the columns, so that on a phone the readings come right after the video. Visitors in the
# queue see them too, because they may have earlier results.
camera_on = context is not None and context.state.playing
chart_and_downloads.show_chart(camera_on, session, list(choice.classifiers))
chart_and_downloads.show_downloads(context.video_processor if context else None, session)
round.show(camera_on, session.guided)
