"""Process webcam frames: annotate each frame, and keep the newest readings for the page.

`FrameProcessor.recv` runs in a thread of the stream, not in a run of the Streamlit script, so it must not use `st.*`.
The page passes its choices with `use` and gets the results from `snapshot`.
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

from core.classifiers.base import CalibratedClassifier
from core.recognition.drawing import draw_banner
from core.recognition.reading import Reading
from core.runtime.memory import release_memory
from core.video.pace import Delays, rate, sum_by_stage, update_average
from core.video.stream import FrameReader
from core.vision.crops import Faces
from core.vision.images import Image

RATE_WINDOW_S = 2.0
"""Seconds over which frames per second are counted."""

CLOSING_S = 3.0
"""Seconds that streamlit-webrtc and aiortc take to close an ended stream."""

REFUSED = "All places on this server are taken. Press STOP. The page then shows your position in the queue."

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Snapshot:
    """Immutable results and statistics of a stream at one moment."""

    readings: tuple[Reading, ...] = ()
    """The newest frame's smoothed readings, the largest face first; empty if no face was found."""
    crops: tuple[bytes, ...] = ()
    """The crop of each face: 48 x 48 gray levels, row by row."""
    size_wh: tuple[int, int] | None = None
    """Width and height of the newest frame in pixels."""
    time_s: float | None = None
    """Time at which processing of the newest frame ended, by the processor's clock; None before the first frame."""
    frames: int = 0
    """Number of frames processed so far, including failed ones."""
    frames_per_s: float = 0.0
    """Frames processed per second in the last `RATE_WINDOW_S` seconds."""
    delay_ms: float | None = None
    """Delay of the newest frame at the end of its processing, in milliseconds; None if frames have no timestamp.

    It is relative to the fastest frame of the stream, which is assumed to have arrived without delay. Network time is
    therefore included only as far as it exceeds that of the fastest frame.
    """
    brightness: float | None = None
    """Mean gray level of the newest frame, 0..255."""
    stage_ms: Mapping[str, float] = field(default_factory=dict)
    """Average milliseconds per frame for each stage: detect, classify, draw."""
    failing: bool = False
    """Whether reading the newest frame failed."""
    errors: int = 0
    """Number of frames so far whose reading failed."""
    error: str | None = None
    """Type and message of the last failure; None if there was none. Not for pages: the message may contain paths."""


class FrameProcessor(VideoProcessorBase):
    """Read the frames of one stream. The stream's thread calls `recv` with one frame after the other."""

    def __init__(
        self,
        detector: str,
        classifiers: Mapping[str, CalibratedClassifier],
        clock: Callable[[], float] = time.monotonic,
        *,
        mirror: bool = False,
        on_readings: Callable[[Sequence[Reading], Faces, float, float], None] = lambda *_: None,
        on_end: Callable[[float | None], None] = lambda _: None,
        overlay: Callable[[Image], Image] = lambda image: image,
        numbers: Iterator[int] | None = None,
    ) -> None:
        """Create a new detector from the name `detector`. The loaded classifiers are shared between streams.

        If `mirror` is true, each frame is mirrored before it is read.
        `on_readings` is called in the stream's thread for each frame that was read. Its arguments are the readings,
        the crops, the time and the age of the frame (seconds since it was taken, 0 if unknown).
        `on_end` is called once at the end of the stream, with the seconds since the newest frame; None if there was no
        frame. `overlay` draws on a copy of each annotated frame before it is sent; `newest_frame` does not show it.
        `numbers` gives new faces their numbers; by default these count from 1. All streams of a session share it.
        """
        self.clock = clock
        self.refused = False
        """Whether all places for streams are taken. Frames are then not read, and get a banner instead."""
        self.ended = False
        """Whether the stream has ended, after STOP, a closed tab or a lost connection."""
        self._on_readings, self._on_end, self._overlay = on_readings, on_end, overlay
        self._newest_frame: tuple[Image, tuple[Reading, ...]] | None = None
        self._lock = threading.Lock()
        self._snapshot = Snapshot()
        self._times = deque[float](maxlen=120)
        self._delays = Delays()
        self._reader = FrameReader(detector, classifiers, mirror=mirror, numbers=numbers, clock=clock, timer=clock)

    def use(self, detector: str, classifiers: Mapping[str, CalibratedClassifier], *, mirror: bool = False) -> None:
        """Use this detector and these classifiers from the next frame on. The stream continues."""
        self._reader.use(detector, classifiers, mirror=mirror)

    def snapshot(self) -> Snapshot:
        """Return the newest results and statistics."""
        with self._lock:
            return self._snapshot

    def newest_frame(self) -> tuple[Image, tuple[Reading, ...]] | None:
        """Return the newest annotated frame and its readings; None before the first frame and after the end."""
        with self._lock:
            return self._newest_frame

    def silence_s(self) -> float | None:
        """Return the seconds since processing of the newest frame ended; None before the first frame."""
        time_s = self.snapshot().time_s
        return None if time_s is None else self.clock() - time_s

    def on_ended(self) -> None:
        """Drop the images, the readings and the callbacks. streamlit-webrtc calls this when the stream ends."""
        silence_s = self.silence_s()
        with self._lock:
            on_end, self._on_end = self._on_end, lambda _: None
            self.ended = True
            self._newest_frame = None
            self._on_readings = lambda *_: None
            self._overlay = lambda image: image
            self._snapshot = replace(self._snapshot, readings=(), crops=())
        on_end(silence_s)
        # Wait until streamlit-webrtc has closed the encoders and decoders, which hold megabytes.
        timer = threading.Timer(CLOSING_S, release_memory)
        timer.daemon = True
        timer.start()

    def recv(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Return the frame with boxes and labels, or with a banner if reading failed or the stream was refused.

        After the end of the stream, return the frame unchanged.
        """
        # An exception raised here would stop the video for good, without a message to the visitor.
        try:
            if self.ended:
                return frame
            if self.refused:
                return _to_frame(draw_banner(_to_image(frame), REFUSED))
            if frame.time is not None:
                self._delays.add_arrival(frame.time, self.clock())
            return _to_frame(self._read(_to_image(frame), frame.time))
        except Exception as error:
            self._record_error(error)
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
            stage_ms=update_average(self.snapshot().stage_ms, sum_by_stage(frame.stage_ms)),
            failing=False,
        )
        with self._lock:
            if not self.ended:
                self._newest_frame = frame.annotated, frame.readings
        return self._overlay(frame.annotated)

    def _publish(self, **changes: Any) -> None:
        now = self.clock()
        self._times.append(now)
        with self._lock:
            if self.ended:  # the stream ended while this frame was being read
                return
            self._snapshot = replace(
                self._snapshot,
                time_s=now,
                frames=self._snapshot.frames + 1,
                frames_per_s=rate([time_s for time_s in self._times if now - time_s <= RATE_WINDOW_S]),
                **changes,
            )

    def _record_error(self, error: Exception) -> None:
        before = self.snapshot()
        text = f"{type(error).__name__}: {error}"
        if text != before.error:
            logger.exception("A webcam frame could not be read.")
        self._publish(readings=(), crops=(), failing=True, errors=before.errors + 1, error=text)


def _failure_image(frame: av.VideoFrame) -> Image:
    """Return the frame, or a black image if it cannot be decoded, with a banner about the failure."""
    text = "This frame could not be read. The server's log has the reason."
    try:
        return draw_banner(_to_image(frame), text)
    except Exception:
        return draw_banner(np.zeros((480, 640, 3), np.uint8), text)


def _to_image(frame: av.VideoFrame) -> Image:
    """Convert a video frame to (H, W, 3) uint8 RGB."""
    return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def _to_frame(image: Image) -> av.VideoFrame:
    """Convert an image to a video frame. H.264 needs even sides, so repeat the last column or row if a side is odd."""
    height, width = image.shape[:2]
    even = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge") if height % 2 or width % 2 else image
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(even), format="rgb24")
