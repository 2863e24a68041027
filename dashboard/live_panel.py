"""The parts of the Live page: the choice of models, the camera, and the readings beside it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.classifiers.base import Classifier
from core.detectors import DETECTORS
from core.faces import FACE_SIZE
from core.recognizer import DEFAULT_MODELS, WEBCAM_DETECTOR, Reading
from dashboard import camera, components, face_cards, resources
from dashboard.video import FrameProcessor, Snapshot

REFRESH_S = 0.5
"""The readings beside the video are renewed this often."""

SILENCE_S = 2.0
"""A running stream without a new frame for longer has stalled."""

PRIVACY = (
    "**Before you press START.** Your camera's frames go to the server that runs this page. They are read in its "
    "memory and never stored. Tell other people in view that they are being read too.  \n"
    "Not for use at work or in education. What you see is a *predicted expression*: how a face looks to a model, "
    "not what anybody feels."
)

HELP = (
    "**The camera does not start?**\n"
    "- *Access denied*: allow the camera by the icon in the browser's address bar, then press START again.\n"
    "- *Device not available*: plug a camera in, or close the other program that uses it.\n"
    "- *Media API not available*: browsers open a camera only on `localhost` or over HTTPS.\n"
    "- It connects and no picture comes: between two networks, the video needs a TURN server "
    f"(`{camera.ICE_VARIABLE}`)."
)


class State(NamedTuple):
    """What goes on, in one sentence."""

    kind: str
    """`info`, `warning`, `error`, or `reading` where faces are being read."""
    sentence: str


def privacy_notice() -> None:
    st.info(PRIVACY, icon=":material/shield_person:")


def choose() -> tuple[str, dict[str, Classifier]]:
    """Widgets for the detector and the models; the chosen models, loaded. Stops the page where there is none."""
    if not resources.model_names():
        components.no_models_notice()
        st.stop()
    left, right = st.columns([1, 3])
    with left:
        names = list(DETECTORS)
        detector = st.selectbox("Face detector", names, names.index(WEBCAM_DETECTOR), key="detector")
    with right:
        models = components.models_picker("Models; the video shows the first one's label", "models", DEFAULT_MODELS)
    if not models:
        models = resources.model_names()[:1]
        st.caption(f"No model is chosen; {models[0]} reads meanwhile.")
    return detector, {name: resources.classifier(name) for name in models}


def show_camera(detector: str, classifiers: Mapping[str, Classifier]) -> camera.Context:
    """The camera with its START button. A changed choice reaches a running stream with its next frame."""
    context = camera.stream(partial(FrameProcessor, detector, classifiers))
    if processor := context.video_processor:
        processor.use(detector, classifiers)
    return context


def show_readings(context: camera.Context) -> None:
    """What the stream has to tell, renewed by itself while it runs."""
    renew = st.fragment(_show_newest, run_every=REFRESH_S if context.state.playing else None)
    renew(context)
    if not context.state.playing:
        st.markdown(HELP)
        components.page_link("photo", "Or take a single snapshot on the Photo page")


def _show_newest(context: camera.Context) -> None:
    processor = context.video_processor
    snapshot = processor.snapshot() if processor else Snapshot()
    state = describe(context.state, snapshot, processor and processor.silence_s())
    with st.container(key=f"live-{state.kind}"):
        MESSAGES[state.kind](state.sentence)
        if state.kind == "reading":
            _show_faces(snapshot)
    if snapshot.frames:
        st.container(key="live-figures").caption(figures(snapshot))


MESSAGES: dict[str, Callable[[str], object]] = {
    "info": partial(st.info, icon=":material/videocam:"),
    "warning": partial(st.warning, icon=":material/warning:"),
    "error": partial(st.error, icon=":material/error:"),
    "reading": partial(st.subheader, anchor=False),
}


def describe(connection: camera.Connection, snapshot: Snapshot, silence_s: float | None) -> State:
    """The one sentence for what is going on; `silence_s` is the age of the newest frame, None before the first."""
    if connection.signalling:
        return State("info", "Connecting to the camera ...")
    if not connection.playing:
        return State("info", "The camera is off. Press START and allow the camera when the browser asks.")
    if silence_s is None:
        return State("info", "Connected; waiting for the first frame ...")
    if silence_s > SILENCE_S:
        sentence = "No new frame for {:.0f} s. The camera or the network has stalled: press STOP, then START."
        return State("warning", sentence.format(silence_s))
    if snapshot.failing:
        return State("error", f"The newest frame could not be read: {snapshot.error}")
    if not snapshot.readings:
        return State("warning", "No face found. Look into the camera, come closer, and let light fall on your face.")
    return State("reading", agreement(snapshot.readings[0]))


def agreement(reading: Reading) -> str:
    """What the models say of one face: once where they agree, by name where they do not."""
    labels = {model: _short_answer(reading, model) for model in reading.probabilities}
    if len(set(labels.values())) == 1:
        return f"Predicted expression: {next(iter(labels.values()))}" + (", by all models" if len(labels) > 1 else "")
    said = ", ".join(f"{label} by {model}" for model, label in labels.items())
    return f"Predicted expression, the models differ: {said}"


def _short_answer(reading: Reading, model: str) -> str:
    return reading.label(model) if reading.is_certain(model) else "uncertain"


def figures(snapshot: Snapshot) -> str:
    """The stream's figures in one line."""
    width, height = snapshot.size_wh or (0, 0)
    stages = [f"{stage} {ms:.0f} ms" for stage, ms in snapshot.stage_ms.items()]
    parts = [f"{snapshot.frames_per_s:.0f} frames/s", f"{width}×{height}", *stages, f"{snapshot.frames:,} frames"]
    if snapshot.errors:
        parts.append(f"{snapshot.errors:,} of them failed, the last with {snapshot.error}")
    return " · ".join(parts)


def _show_faces(snapshot: Snapshot) -> None:
    components.face_grid(face_list(snapshot.readings, snapshot.crops), card_width=260)


def face_list(readings: Sequence[Reading], crops: Sequence[bytes]) -> list[face_cards.FaceCard]:
    """A card a face, largest first: the crop that the models saw, and every model's bars."""
    return [
        face_cards.FaceCard(
            title=f"Face {number} of {len(readings)}",
            notes=(f"{reading.face.size_wh[0]} pixels wide; the models see this 48×48 crop of it",),
            picture=face_cards.data_address(np.frombuffer(crop, np.uint8).reshape(FACE_SIZE, FACE_SIZE)),
            bars=reading.probabilities,
            alt=f"face {number} as the models see it",
        )
        for number, (reading, crop) in enumerate(zip(readings, crops, strict=True), start=1)
    ]
