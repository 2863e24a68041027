"""What goes on with a stream, in plain words."""

from typing import NamedTuple

from core.recognition.reading import Reading
from dashboard.streaming.camera import Connection
from dashboard.streaming.processor import Snapshot

CONNECTING_S = 7.0
"""A connection that takes longer will hardly come; on one machine it takes a second."""

FIRST_FRAME_S = 5.0
"""A connection without a frame for longer has none to give."""

NO_WAY = (
    "No connection after {:.0f} s. The video finds no way between this browser and the server: between two networks it "
    "needs a TURN server, and a TURN server that is set up has refused or was not reached (its address, its secret, "
    "UDP in a firewall). Press STOP; the Photo page takes snapshots meanwhile."
)

OFF_AGAIN = (
    "The camera is off. Press START to go on, and allow the camera when the browser asks. If you did not press STOP, "
    "the browser heard nothing from this server for five seconds, over a weak network or from a busy machine, "
    "and gave the connection up."
)

NO_FRAME = (
    "Connected for {:.0f} s, and no frame has come. Another program may hold the camera, or the stream was lost on its "
    "way: press STOP, then START."
)

SILENCE_S = 2.0
"""A running stream without a new frame for longer has stalled."""

DARK = 40
"""Mean gray level of a frame, 0..255, below which a missing face is put down to the light."""

SMALL_FACE = 60
"""Pixels; a narrower face has fewer than the models' 48 once its border is cut, and their answers are guesses."""

SLOW = 10.0
LATE_MS = 400.0
"""Below so many frames a second and above such a delay the page says that the server is busy; a camera that sends few
frames is slow, but not late."""


class State(NamedTuple):
    """What goes on, in one sentence."""

    kind: str
    """`info`, `warning`, `error`, or `reading` while faces are being read."""
    sentence: str


def describe(
    connection: Connection,
    snapshot: Snapshot,
    silence_s: float | None,
    lasting_s: float = 0.0,
    ran_before: bool = False,
) -> State:
    """The one sentence for what is going on; `silence_s` is the age of the newest frame, None before the first.

    `lasting_s`: for how long the connection has been looked for, or has stood.
    `ran_before`: whether the camera has been running since the page was opened.
    """
    if connection.signalling and lasting_s > CONNECTING_S:
        return State("warning", NO_WAY.format(lasting_s))
    if connection.signalling:
        return State("info", "Connecting to the camera ...")
    if not connection.playing and ran_before:
        return State("info", OFF_AGAIN)
    if not connection.playing:
        return State("info", "The camera is off. Press START and allow the camera when the browser asks.")
    if silence_s is None and lasting_s > FIRST_FRAME_S:
        return State("warning", NO_FRAME.format(lasting_s))
    if silence_s is None:
        return State("info", "Connected; waiting for the first frame ...")
    if silence_s > SILENCE_S:
        sentence = "No new frame for {:.0f} s. The camera or the network has stalled: press STOP, then START."
        return State("warning", sentence.format(silence_s))
    if snapshot.failing:
        return State("error", f"The newest frame could not be read: {snapshot.error}")
    if not snapshot.readings and snapshot.brightness is not None and snapshot.brightness < DARK:
        sentence = "It is too dark to find a face: the picture's mean gray level is {:.0f} of 255. Turn on a light."
        return State("warning", sentence.format(snapshot.brightness))
    if not snapshot.readings:
        return State("warning", "No face found. Look into the camera, come closer, and let light fall on your face.")
    return State("reading", what_models_say(snapshot.readings[0]))


def hints(snapshot: Snapshot) -> list[str]:
    """What to know about readings that are there: several faces, a small one, a busy server."""
    said = []
    if len(snapshot.readings) > 1:
        said.append(f"{len(snapshot.readings)} faces are read; the sentence is about the largest.")
    if snapshot.readings and (width := max(snapshot.readings[0].face.size_wh)) < SMALL_FACE:
        said.append(f"The face is only {width} pixels wide: come closer, or the models guess.")
    late = snapshot.delay_ms is None or snapshot.delay_ms >= LATE_MS
    if 0 < snapshot.frames_per_s < SLOW and late:
        said.append(
            f"The server is busy: it reads {snapshot.frames_per_s:.0f} frames a second of each stream, and labels "
            "follow more slowly."
        )
    return said


def what_models_say(reading: Reading) -> str:
    """Of one face: once if they agree, by name if they do not."""
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
    if snapshot.delay_ms is not None:
        parts.insert(2, f"delay on the server {snapshot.delay_ms:.0f} ms")
    if snapshot.errors:
        parts.append(f"{snapshot.errors:,} of them failed, the last with {snapshot.error}")
    return " · ".join(parts)
