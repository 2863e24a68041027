"""The camera with its START button, or the queue for a place."""

from functools import partial

import streamlit as st

from dashboard import resources, visits
from dashboard.components import links
from dashboard.pages.live.choices import Choice
from dashboard.pages.live.session import LiveSession
from dashboard.streaming import camera
from dashboard.streaming.camera_queue import GRACE_S, CameraQueue
from dashboard.streaming.processor import FrameProcessor

QUEUE_S = 2.0
"""Who waits for a place asks again this often."""


SHARE_S = 3.0
"""A camera that has not been started yet learns this often of how many frames it is to send."""


def show_camera(choice: Choice, session: LiveSession) -> camera.Context | None:
    """The camera with its START button, or the queue. A changed choice reaches a running stream with its next frame."""
    queue = resources.streams.camera_queue()
    if queue.ask(session.name):
        _show_queue(queue, session)
        return None
    share = queue.frames_per_s()
    context = camera.stream(partial(_make_processor, choice, session, queue), share)
    if not (context.state.playing or context.state.signalling):
        st.fragment(_keep_share, run_every=SHARE_S)(queue, session, share)
    if context.state.playing:
        session.ran_in_visit = visits.visit()
    if processor := context.video_processor:
        processor.use(choice.detector, choice.classifiers, mirror=choice.mirror)
        # A stream that was silent for long has lost its place, and may have come back.
        if context.state.playing and not processor.refused:
            queue.start(session.name, processor)
    return context


def _keep_share(queue: CameraQueue, session: LiveSession, share: float) -> None:
    """The camera is asked at START for what its share was when the page was drawn: draw anew where others have come.

    A page that only stands there loses its place after a while, and is left alone: drawn anew it would take another.
    """
    if queue.holds(session.name) and queue.frames_per_s() != share:
        st.rerun()


def _make_processor(choice: Choice, session: LiveSession, queue: CameraQueue) -> FrameProcessor:
    processor = FrameProcessor(
        choice.detector,
        choice.classifiers,
        mirror=choice.mirror,
        on_readings=session.keep,
        numbers=session.numbers,
    )
    processor.refused = not queue.start(session.name, processor)
    return processor


@st.fragment(run_every=QUEUE_S)
def _show_queue(queue: CameraQueue, session: LiveSession) -> None:
    position = queue.ask(session.name)
    if not position:
        st.rerun()
    with st.container(key="live-queue"):
        st.info(
            f"All {queue.limit} places on this server are taken. You are number {position} in the queue; "
            f"the START button comes by itself when it is your turn, and waits {GRACE_S:.0f} seconds for you.",
            icon=":material/hourglass:",
        )
    links.page_link("photo", "Meanwhile, take a snapshot on the Photo page")
