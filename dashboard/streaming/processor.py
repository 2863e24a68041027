"""Webcam frames -> recognizer -> annotated frames, the newest readings behind a lock.

`FrameProcessor.recv` runs in a thread of streamlit-webrtc, not in a script run: it touches no `st.*`. What it needs
goes in through the constructor and `use`; what it has to tell comes out of `snapshot`.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import av
import numpy as np
from streamlit_webrtc import VideoProcessorBase

from core.classifiers.base import Reader
from core.recognition.drawing import draw_banner
from core.recognition.reading import Reading
from core.runtime.memory import give_back
from core.video.pace import Delays, averaged, by_stage, rate
from core.video.stream import FrameReader
from core.vision.crops import Faces
from core.vision.images import Image

RATE_WINDOW_S = 2.0
"""Frames per second are counted over this time."""

CLOSED_S = 3.0
"""So long after the end of a stream streamlit-webrtc and aiortc have closed their sides of it."""

REFUSED = "All places on this server are taken. Press STOP; the page says when it is your turn."

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Snapshot:
    """What a stream has to tell at one moment; never changes once it is handed out."""

    readings: tuple[Reading, ...] = ()
    """The newest frame's steady readings, largest face first; empty where no face was found."""
    crops: tuple[bytes, ...] = ()
    """What the models saw of each face: 48 x 48 gray levels, row by row."""
    size_wh: tuple[int, int] | None = None
    """The newest frame's size in pixels."""
    time_s: float | None = None
    """When the newest frame was finished, by the processor's clock; None before the first."""
    frames: int = 0
    """Frames processed so far, failed ones included."""
    frames_per_s: float = 0.0
    delay_ms: float | None = None
    """How much longer the newest frame took from the camera to its end here than the fastest one so far took to come
    in: time spent waiting and being read. The way over the network is not in it. None where frames carry no time."""
    brightness: float | None = None
    """Mean gray level of the newest frame, 0..255."""
    stage_ms: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds a frame spends in each stage: detect, classify, draw."""
    failing: bool = False
    """Whether the newest frame could not be read."""
    errors: int = 0
    """Frames that could not be read so far."""
    error: str | None = None
    """What went wrong in the last of them."""


class FrameProcessor(VideoProcessorBase):
    """Reads one stream's frames; streamlit-webrtc calls `recv` for each from one thread of its own."""

    def __init__(
        self,
        detector: str,
        classifiers: Mapping[str, Reader],
        clock: Callable[[], float] = time.monotonic,
        *,
        mirror: bool = False,
        on_readings: Callable[[Sequence[Reading], Faces, float, float], None] = lambda *_: None,
        numbers: Iterator[int] | None = None,
    ) -> None:
        """`detector` is a name, since each stream makes its own; the classifiers are shared, already loaded ones.

        With `mirror` each frame is turned into its mirror image before anything is read. `on_readings` is told of
        every frame's readings, of what the models saw of each face, of the time and of how long ago the frame was taken
        (seconds, 0 where that is unknown); it runs in the stream's thread.
        Faces are numbered by `numbers`, which streams of one session have in common; from 1 without.
        """
        self.clock = clock
        self.refused = False
        """Whether frames come back unread, because all places for streams are taken."""
        self.ended = False
        """Whether the stream is over: STOP, a closed tab, a lost connection."""
        self._on_readings = on_readings
        self._picture: tuple[Image, tuple[Reading, ...]] | None = None
        self._lock = threading.Lock()
        self._snapshot = Snapshot()
        self._times = deque[float](maxlen=120)
        self._delays = Delays()
        self._reader = FrameReader(detector, classifiers, mirror=mirror, numbers=numbers, clock=clock, timer=clock)

    def use(self, detector: str, classifiers: Mapping[str, Reader], *, mirror: bool = False) -> None:
        """Read the next frame with this detector and these classifiers; the stream goes on."""
        self._reader.use(detector, classifiers, mirror=mirror)

    def snapshot(self) -> Snapshot:
        """The newest readings and figures."""
        with self._lock:
            return self._snapshot

    def picture(self) -> tuple[Image, tuple[Reading, ...]] | None:
        """The newest frame as it was shown, and what was read in it; None before the first."""
        with self._lock:
            return self._picture

    def silence_s(self) -> float | None:
        """Seconds since the newest frame was finished; None before the first."""
        time_s = self.snapshot().time_s
        return None if time_s is None else self.clock() - time_s

    def on_ended(self) -> None:
        """Forget what was seen, and who listens; streamlit-webrtc calls this when the stream is over."""
        with self._lock:
            self.ended = True
            self._picture = None
            self._on_readings = lambda *_: None
            self._snapshot = replace(self._snapshot, readings=(), crops=())
        # Not at once: what holds the coders' megabytes is still being closed.
        collecting = threading.Timer(CLOSED_S, give_back)
        collecting.daemon = True
        collecting.start()

    def recv(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The frame with boxes and labels drawn; with a band that says so where it could not be read."""
        # One exception that leaves this function would freeze the stream for good, without a word to anyone.
        try:
            if self.ended:
                return frame
            if self.refused:
                return _to_frame(draw_banner(_to_image(frame), REFUSED))
            if frame.time is not None:
                self._delays.arrived(frame.time, self.clock())
            return _to_frame(self._read(_to_image(frame), frame.time))
        except Exception as error:
            self._keep_error(error)
            return _to_frame(_failure_image(frame))

    def _read(self, image: Image, sent_s: float | None) -> Image:
        frame = self._reader.read(image)
        delay_s = None if sent_s is None else self._delays.delay_s(sent_s, self.clock())
        self._on_readings(frame.readings, frame.crops, frame.time_s, delay_s or 0.0)
        height, width = frame.annotated.shape[:2]
        self._publish(
            readings=frame.readings,
            crops=tuple(crop.tobytes() for crop in frame.crops),
            size_wh=(width, height),
            delay_ms=None if delay_s is None else 1000 * delay_s,
            brightness=float(image[::8, ::8].mean()),
            stage_ms=averaged(self.snapshot().stage_ms, by_stage(frame.stage_ms)),
            failing=False,
        )
        with self._lock:
            if not self.ended:
                self._picture = frame.annotated, frame.readings
        return frame.annotated

    def _publish(self, **changes: Any) -> None:
        now = self.clock()
        self._times.append(now)
        with self._lock:
            if self.ended:  # while this frame was being read
                return
            self._snapshot = replace(
                self._snapshot,
                time_s=now,
                frames=self._snapshot.frames + 1,
                frames_per_s=rate([time_s for time_s in self._times if now - time_s <= RATE_WINDOW_S]),
                **changes,
            )

    def _keep_error(self, error: Exception) -> None:
        before = self.snapshot()
        text = f"{type(error).__name__}: {error}"
        if text != before.error:
            logger.exception("A webcam frame could not be read.")
        self._publish(readings=(), crops=(), failing=True, errors=before.errors + 1, error=text)


def _failure_image(frame: av.VideoFrame) -> Image:
    """The frame under a band that says it was not read; a black one where not even its picture can be had."""
    text = "This frame could not be read. The page says why."
    try:
        return draw_banner(_to_image(frame), text)
    except Exception:
        return draw_banner(np.zeros((480, 640, 3), np.uint8), text)


def _to_image(frame: av.VideoFrame) -> Image:
    """(H, W, 3) uint8 RGB."""
    return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def _to_frame(image: Image) -> av.VideoFrame:
    """An odd last row or column is doubled: video is coded in blocks of two by two, and H.264 refuses odd sizes."""
    height, width = image.shape[:2]
    even = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge") if height % 2 or width % 2 else image
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(even), format="rgb24")
