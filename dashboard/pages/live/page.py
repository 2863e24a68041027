"""The Live page: predict the expressions in the visitor's webcam video."""

import streamlit as st

from dashboard.components import layout
from dashboard.pages.live import (
    camera_view,
    chart_and_downloads,
    choices,
    consent,
    readings_view,
    round,
    round_summary,
)
from dashboard.pages.live import session as live_session

layout.page_header("Live", "See what the models predict from your webcam.")
agreed = consent.request_consent()
choices.show_faults()
if not agreed:
    consent.show_consent_missing()
    st.stop()

session = live_session.current_session()
video, panel = st.columns([3, 2], gap="medium")
with video:
    # The settings stand below the video, but the camera needs them first.
    round_bar, camera_place = st.container(), st.container()
    choice = choices.choose_settings()
    with camera_place:
        context = camera_view.show_camera(choice, session)
    camera_on = context is not None and context.state.playing
    with round_bar:
        round.show_bar(camera_on, session.guided)
round_done = session.guided.state().phase == "done"
with panel:
    show_faces = round_summary.choose_panel() if round_done else True
    if context is not None:
        readings_view.show_readings(context, session, show_faces)
    if not show_faces:
        round_summary.show(session.guided)
# These sections are below the columns, so that on a phone the readings come right after the video. Visitors in the
# queue see them too, because they may have earlier results.
if round_done:
    round_summary.show_matrices(session.guided)
chart_and_downloads.show_chart(camera_on, session, list(choice.classifiers))
chart_and_downloads.show_downloads(context.video_processor if context else None, session)
