"""The webcam: every frame's faces, read by the chosen models while you look into the camera."""

import streamlit as st

from dashboard import components, live_panel

components.page_header("Live", "Look into your camera and watch the models read each frame, side by side.")
live_panel.privacy_notice()
detector, classifiers = live_panel.choose()

video, readings = st.columns([3, 2], gap="medium")
with video:
    context = live_panel.show_camera(detector, classifiers)
with readings:
    live_panel.show_readings(context)
