"""Messages about the state of a stream."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from core.recognition.quality import BLURRED, TOO_DARK, TOO_SMALL
from core.recognition.reading import Reading
from dashboard.streaming.camera import Connection
from dashboard.streaming.processor import Snapshot

CONNECTING_S = 7.0
"""If connecting takes longer than this, it will probably fail. If browser and server run on the same machine, it takes
about one second."""

FIRST_FRAME_S = 5.0
"""If no frame has arrived this many seconds after connecting, probably none will."""

NO_CONNECTION = (
    "No connection after {:.0f} s. The video cannot reach the server from this browser. In different networks, it "
    "needs a TURN server, a relay. If there is one, its address or secret may be wrong, or a firewall may block UDP. "
    "Press STOP. You can take snapshots on the Photo & video page."
)

OFF = "The camera is off. Press START and allow the camera when the browser asks."

End = Literal["stopped", "lost", "no video"]
"""How a stream ended: by STOP while frames arrived, after a time without frames, or before the first frame."""

END_MESSAGES: Mapping[End, str] = {
    "stopped": "Stopped. The camera is off. Press START to continue.",
    "lost": (
        "The camera is off, because its video stopped arriving. Press START to continue. The network may be weak, the "
        "server busy, or another program may use the camera."
    ),
    "no video": "The camera is off. It was connected, but no video arrived. Press START to try again.",
}

NO_FRAME = (
    "Connected for {:.0f} s, but no frame has arrived. Another program may be using the camera, or the stream may be "
    "lost. Press STOP, then START."
)

FAILING = (
    "The newest frame could not be processed; the server's log has the reason. If this does not pass, choose another "
    "face detector or other models, or report the error with its text in the log."
)

SILENCE_S = 2.0
"""A running stream has stalled if no new frame has arrived for more than this many seconds."""

DARK = 40
"""Mean gray level of a frame, 0..255. If it is lower and no face is found, the page says that it is too dark."""

ADVICE = {
    TOO_SMALL: "The face measures only {} pixels, too few for a reliable prediction. Move closer to the camera.",
    TOO_DARK: "The face is too dark for a reliable prediction. Turn on a light in front of you.",
    BLURRED: "The face is too blurred for a reliable prediction. Hold still, or clean the lens.",
}
"""Flaw of a face -> what the visitor can do."""

SLOW_FRAMES_PER_S = 10.0
LATE_MS = 400.0
"""The server counts as busy if the frame rate is below `SLOW_FRAMES_PER_S` and the delay is `LATE_MS` or more, or
unknown. A low frame rate with a short delay probably comes from the camera."""


class State(NamedTuple):
    """The state of a stream, as a message."""

    kind: str
    """`info`, `warning`, `error`, or `reading` if the newest frame has faces."""
    message: str


def describe(
    connection: Connection,
    snapshot: Snapshot,
    silence_s: float | None,
    unchanged_s: float = 0.0,
    end: End | None = None,
) -> State:
    """Return the state of the stream as one message.

    `silence_s`: seconds since the newest frame, None before the first.
    `unchanged_s`: seconds since the connection last changed its state.
    `end`: how the latest stream of this visit to the page ended; None if there was none.
    """
    if connection.signalling and unchanged_s > CONNECTING_S:
        return State("warning", NO_CONNECTION.format(unchanged_s))
    if connection.signalling:
        return State("info", "Connecting to the camera ...")
    if not connection.playing:
        return State("info", END_MESSAGES[end] if end else OFF)
    if silence_s is None and unchanged_s > FIRST_FRAME_S:
        return State("warning", NO_FRAME.format(unchanged_s))
    if silence_s is None:
        return State("info", "Connected, waiting for the first frame ...")
    if silence_s > SILENCE_S:
        message = "No new frame for {:.0f} s. The camera or the network has stalled. Press STOP, then START."
        return State("warning", message.format(silence_s))
    if snapshot.failing:
        return State("error", FAILING)
    if not snapshot.readings and snapshot.brightness is not None and snapshot.brightness < DARK:
        message = "It is too dark to find a face: the mean gray level of the frame is {:.0f} of 255. Turn on a light."
        return State("warning", message.format(snapshot.brightness))
    if not snapshot.readings:
        return State(
            "warning", "No face found. Look into the camera, move closer, and make sure that your face is well lit."
        )
    return State("reading", prediction_text(snapshot.readings[0]))


def kind_of_end(silence_s: float | None) -> End:
    """Return how a stream ended, from the seconds between its newest frame and its end; None if it had no frame.

    Frames arrive until a visitor presses STOP. A browser closes a connection by itself only after five seconds without
    an answer.
    """
    if silence_s is None:
        return "no video"
    return "lost" if silence_s > SILENCE_S else "stopped"


def hints(snapshot: Snapshot) -> list[str]:
    """Return notes on the readings: about several faces, a small face, or a busy server."""
    notes = []
    if len(snapshot.readings) > 1:
        notes.append(f"{len(snapshot.readings)} faces were found. The prediction above is for the largest.")
    quality = snapshot.readings[0].quality if snapshot.readings else None
    if quality and quality.flaw:
        notes.append(ADVICE[quality.flaw].format(quality.side))
    is_late = snapshot.delay_ms is None or snapshot.delay_ms >= LATE_MS
    if 0 < snapshot.frames_per_s < SLOW_FRAMES_PER_S and is_late:
        notes.append(
            f"The server is busy: it processes {snapshot.frames_per_s:.0f} frames per second of this stream, "
            "and labels appear with a delay."
        )
    return notes


def prediction_text(reading: Reading) -> str:
    """Return the predicted expression of a face: one label if all models agree, otherwise one label per model.

    "uncertain" replaces a label whose probability is below the model's threshold.
    """
    labels = {model: _label_or_uncertain(reading, model) for model in reading.probabilities}
    if len(set(labels.values())) == 1:
        return f"Predicted expression: {next(iter(labels.values()))}" + (" (all models)" if len(labels) > 1 else "")
    return "Predicted expressions: " + ", ".join(f"{label} ({model})" for model, label in labels.items())


def _label_or_uncertain(reading: Reading, model: str) -> str:
    return reading.label(model) if reading.is_certain(model) else "uncertain"


def stream_statistics(snapshot: Snapshot) -> str:
    """Return frame rate, frame size, delay, ms per stage, and the numbers of frames and of failures in one line."""
    width, height = snapshot.size_wh or (0, 0)
    stages = [f"{stage} {ms:.0f} ms" for stage, ms in snapshot.stage_ms.items()]
    parts = [f"{snapshot.frames_per_s:.0f} frames/s", f"{width}×{height}", *stages, f"{snapshot.frames:,} frames"]
    if snapshot.delay_ms is not None:
        parts.insert(2, f"delay on the server {snapshot.delay_ms:.0f} ms")
    if snapshot.errors:
        parts.append(f"{snapshot.errors:,} of them failed")
    return " · ".join(parts)
