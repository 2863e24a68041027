"""The camera with its START button, or the visitor's position in the queue."""

from functools import partial

import streamlit as st

from dashboard import resources, visits
from dashboard.components import links
from dashboard.pages.live.choices import Choice
from dashboard.pages.live.session import LiveSession
from dashboard.streaming import camera
from dashboard.streaming.camera_queue import GRACE_S, CameraQueue
from dashboard.streaming.processor import FrameProcessor

QUEUE_REFRESH_S = 2.0
"""Seconds between two updates of the position in the queue."""

FRAME_RATE_REFRESH_S = 3.0
"""Seconds between two checks whether the frame rate that START requests has changed."""


def show_camera(choice: Choice, session: LiveSession) -> camera.Context | None:
    """Show the camera and return its context. If all places are taken, show the queue and return None.

    Settings in `choice` that change while the stream is running apply from the next frame on.
    """
    queue = resources.streams.camera_queue()
    if queue.ask(session.name):
        _show_queue(queue, session)
        return None
    frames_per_s = queue.frames_per_s()
    context = camera.stream(partial(_make_processor, choice, session, queue, visits.visit()), frames_per_s)
    if not (context.state.playing or context.state.signalling):
        st.fragment(_rerun_if_frame_rate_changed, run_every=FRAME_RATE_REFRESH_S)(queue, session, frames_per_s)
    if processor := context.video_processor:
        processor.use(choice.detector, choice.classifiers, mirror=choice.mirror)
        # After a long time without frames, a stream has lost its place. It takes a place again when it continues.
        if context.state.playing and not processor.refused:
            queue.start(session.name, processor)
    return context


def _rerun_if_frame_rate_changed(queue: CameraQueue, session: LiveSession, frames_per_s: float) -> None:
    """Rerun the page if the frame rate per camera has changed, so that START requests the new rate.

    A session loses its place if START is not pressed. Its page is not rerun, because a rerun would take a new place.
    """
    if queue.has_place(session.name) and queue.frames_per_s() != frames_per_s:
        st.rerun()


def _make_processor(choice: Choice, session: LiveSession, queue: CameraQueue, visit: int) -> FrameProcessor:
    session.begin_stream(visit)
    processor = FrameProcessor(
        choice.detector,
        choice.classifiers,
        mirror=choice.mirror,
        on_readings=session.add_readings,
        on_end=session.end_stream,
        overlay=session.draw_round,
        numbers=session.face_numbers,
    )
    processor.refused = not queue.start(session.name, processor)
    return processor


@st.fragment(run_every=QUEUE_REFRESH_S)
def _show_queue(queue: CameraQueue, session: LiveSession) -> None:
    position = queue.ask(session.name)
    if not position:
        st.rerun()
    with st.container(key="live-queue"):
        st.info(
            f"All {queue.limit} places on this server are taken. You are number {position} in the queue. "
            f"The START button appears when it is your turn. You then have {GRACE_S:.0f} seconds to press it.",
            icon=":material/hourglass:",
        )
    links.page_link("photo", "Take a snapshot on the Photo & video page while you wait")
