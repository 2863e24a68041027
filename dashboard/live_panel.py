"""The parts of the Live page: the choice of models, the camera, and the readings beside it."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.detectors import detector_names, yunet
from core.faces import FACE_SIZE
from core.recognizer import DEFAULT_MODELS, WEBCAM_DETECTOR, Reader, Reading
from dashboard import camera, components, face_cards, live_state, resources, texts, visits
from dashboard.live_session import LiveSession
from dashboard.places import GRACE_S, Places
from dashboard.video import REFUSED, FrameProcessor, Snapshot

QUEUE_S = 2.0
"""Who waits for a place asks again this often."""

REFRESH_S = 0.5
"""The readings beside the video are renewed this often; less often where many cameras run."""

SHARE_S = 3.0
"""A camera that has not been started yet learns this often of how many frames it is to send."""

PRIVACY = (
    "**Before the camera starts.** Your camera's frames go to the server that runs this page, which reads them in its "
    "memory and sends them back with boxes drawn; no frame is ever written to a disk or a log. What the models say, "
    "with a small crop of your face for each step of a guided round, is kept in memory for the downloads below and is "
    "gone minutes after you close the tab.  \n"
    "Not for use at work or in education. What you see is a *predicted expression*: how a face looks to a model, "
    "not what anybody feels."
)
CONSENT = "I agree, and everybody else in view of my camera agrees too"

HELP = (
    "**The camera does not start?**\n"
    "- *Access denied*: allow the camera by the icon in the browser's address bar, then press START again.\n"
    "- *Requested device not found*: plug a camera in.\n"
    "- *Could not start video source*: close the other program that uses the camera.\n"
    "- *Media API not available*: browsers open a camera only on `localhost` or over HTTPS.\n"
    "- It connects and no picture comes: between two networks, the video needs a TURN server "
    "(docs/deployment.md says how to set one up)."
)


class Choice(NamedTuple):
    """What reads the frames."""

    detector: str
    classifiers: Mapping[str, Reader]
    mirror: bool


def consent() -> bool:
    """What happens with the frames, a box to agree to it, and what stands in the way of a camera."""
    st.info(PRIVACY, icon=":material/shield_person:")
    if obstacle := camera.obstacle():
        st.warning(obstacle, icon=":material/lock_open:")
        components.page_link("photo", "Open a picture on the Photo page")
    # Streamlit forgets a widget's value when its page is left; the answer holds until the tab is closed.
    agreed = st.checkbox(CONSENT, st.session_state.get("agreed", False), key=f"consent-{visits.visit()}")
    st.session_state["agreed"] = agreed
    return agreed


def ask_for_consent() -> None:
    """What to do where the box above is empty."""
    st.container(key="live-consent").info(
        "The START button comes when you tick the box above. Without a camera, the Photo page reads pictures.",
        icon=":material/check_box:",
    )
    components.page_link("photo")


def choose() -> Choice:
    """Widgets for the detector, the models and the mirror; the models are loaded. Stops the page without any."""
    if not resources.model_names():
        components.no_models_notice()
        st.stop()
    left, right, last = st.columns([3, 6, 2], vertical_alignment="bottom")
    with left:
        names = detector_names()
        detector = st.selectbox(
            "Face detector", names, names.index(WEBCAM_DETECTOR), key="detector", help=texts.DETECTOR_HELP
        )
    with right:
        models = components.models_picker("Models (the video shows the first one's label)", "models", DEFAULT_MODELS)
    with last:
        mirror = st.toggle("Mirror", key="mirror", help="Show the picture as a mirror does; the models see it so too.")
    if detector == "yunet" and (file := yunet.model_file()):
        st.caption(f"{file.name}, sha256 {yunet.checksum(file)}. Not measured: FERscope does not ship this detector.")
    if not models:
        models = components.default_pair(resources.model_names(), DEFAULT_MODELS)[:1]
        st.caption(f"No model is chosen; {models[0]} reads meanwhile.")
    return Choice(detector, {name: resources.shared_classifier(name) for name in models}, mirror)


def show_camera(choice: Choice, session: LiveSession) -> camera.Context | None:
    """The camera with its START button, or the queue. A changed choice reaches a running stream with its next frame."""
    places = resources.places()
    if places.ask(session.name):
        _show_queue(places, session)
        return None
    share = places.frames_per_s()
    context = camera.stream(partial(_make_processor, choice, session, places), share)
    if not (context.state.playing or context.state.signalling):
        st.fragment(_keep_share, run_every=SHARE_S)(places, session, share)
    if context.state.playing:
        session.ran_in_visit = visits.visit()
    if processor := context.video_processor:
        processor.use(choice.detector, choice.classifiers, mirror=choice.mirror)
        # A stream that was silent for long has lost its place, and may have come back.
        if context.state.playing and not processor.refused:
            places.start(session.name, processor)
    return context


def _keep_share(places: Places, session: LiveSession, share: float) -> None:
    """The camera is asked at START for what its share was when the page was drawn: draw anew where others have come.

    A page that only stands there loses its place after a while, and is left alone: drawn anew it would take another.
    """
    if places.holds(session.name) and places.frames_per_s() != share:
        st.rerun()


def _make_processor(choice: Choice, session: LiveSession, places: Places) -> FrameProcessor:
    processor = FrameProcessor(
        choice.detector,
        choice.classifiers,
        mirror=choice.mirror,
        on_readings=session.keep,
        numbers=session.numbers,
    )
    processor.refused = not places.start(session.name, processor)
    return processor


@st.fragment(run_every=QUEUE_S)
def _show_queue(places: Places, session: LiveSession) -> None:
    position = places.ask(session.name)
    if not position:
        st.rerun()
    with st.container(key="live-queue"):
        st.info(
            f"All {places.limit} places on this server are taken. You are number {position} in the queue; "
            f"the START button comes by itself when it is your turn, and waits {GRACE_S:.0f} seconds for you.",
            icon=":material/hourglass:",
        )
    components.page_link("photo", "Meanwhile, take a snapshot on the Photo page")


def show_readings(context: camera.Context, session: LiveSession) -> None:
    """What the stream has to tell, renewed by itself while it runs or connects."""
    busy = context.state.playing or context.state.signalling
    refresh_s = REFRESH_S * resources.places().crowding()
    renew = st.fragment(_show_newest, run_every=refresh_s if busy else None)
    renew(context, session)
    if not context.state.playing:
        st.markdown(HELP)
        components.page_link("photo", "Or take a single snapshot on the Photo page")


def _show_newest(context: camera.Context, session: LiveSession) -> None:
    processor = context.video_processor
    snapshot = processor.snapshot() if processor else Snapshot()
    state = live_state.describe(
        context.state,
        snapshot,
        processor and processor.silence_s(),
        _lasting_s(context.state),
        ran_before=visits.visit() == session.ran_in_visit,
    )
    if processor and processor.refused and context.state.playing:
        state = live_state.State("warning", REFUSED)
    with st.container(key=f"live-{state.kind}"):
        MESSAGES[state.kind](state.sentence)
        for hint in live_state.hints(snapshot) if state.kind == "reading" else ():
            st.caption(hint)
        if state.kind == "reading":
            _show_faces(snapshot)
    if snapshot.frames:
        st.container(key="live-figures").caption(live_state.figures(snapshot))


def _lasting_s(connection: camera.Connection) -> float:
    """Seconds for which the connection has been what it is, as far as the page has seen."""
    before, since = st.session_state.get("connection", (None, 0.0))
    if before != connection:
        since = time.monotonic()
        st.session_state["connection"] = connection, since
    return time.monotonic() - since


MESSAGES: dict[str, Callable[[str], object]] = {
    "info": partial(st.info, icon=":material/videocam:"),
    "warning": partial(st.warning, icon=":material/warning:"),
    "error": partial(st.error, icon=":material/error:"),
    "reading": partial(st.subheader, anchor=False),
}


def _show_faces(snapshot: Snapshot) -> None:
    components.face_grid(face_list(snapshot.readings, snapshot.crops), card_width=260)


def face_list(readings: Sequence[Reading], crops: Sequence[bytes]) -> list[face_cards.FaceCard]:
    """A card a face, largest first: the crop that the models saw, and every model's bars."""
    return [
        face_cards.FaceCard(
            title=f"Face {reading.number}",
            notes=(
                *face_cards.verdicts(reading),
                f"{reading.face.size_wh[0]} pixels wide; the models see this 48×48 crop of it",
            ),
            picture=face_cards.data_address(np.frombuffer(crop, np.uint8).reshape(FACE_SIZE, FACE_SIZE)),
            bars=reading.probabilities,
            labels={model: reading.label(model) for model in reading.probabilities},
            alt=f"face {reading.number} as the models see it",
        )
        for reading, crop in zip(readings, crops, strict=True)
    ]
