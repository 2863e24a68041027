"""Read video frames: detect faces, classify them, smooth their probabilities over time, and draw the labels."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.classifiers.base import CalibratedClassifier
from core.recognition.drawing import annotate
from core.recognition.reading import Reading
from core.recognition.recognizer import Recognizer
from core.video.following import make_video_detector
from core.video.tracking import Tracker, TrackerState
from core.video.video_detector import DetectorState
from core.vision.crops import Faces
from core.vision.images import Image


@dataclass(frozen=True, eq=False)
class FrameReading:
    """The result of reading one frame."""

    time_s: float
    """Time in seconds, by the `clock` of FrameReader, at which the faces had been detected and cropped."""
    readings: tuple[Reading, ...]
    """Readings with face numbers, averaged over time, the largest face first; empty if no face was found."""
    crops: Faces
    """(n, 48, 48) uint8: the crops that the models saw, in the order of the readings."""
    annotated: Image
    """The frame with boxes and the first model's labels, mirrored if requested. Without `draw`, the frame alone."""
    stage_ms: Mapping[str, float]
    """Milliseconds of each stage: detect, `classify <model>` for each model, draw.

    Mirroring and cropping are part of detect, and smoothing is part of draw.
    """
    searched: bool
    """Whether this frame was searched for new faces, in whole or in part; otherwise only known faces were followed."""


@dataclass(frozen=True)
class ReaderState:
    """What a reader remembers between two frames, as plain values that can be stored."""

    detector: DetectorState
    tracker: TrackerState


class FrameReader:
    """Read the frames of one stream, in order and from one thread. `use` may be called from another thread."""

    def __init__(
        self,
        detector: str,
        classifiers: Mapping[str, CalibratedClassifier],
        *,
        mirror: bool = False,
        numbers: Iterator[int] | None = None,
        clock: Callable[[], float] = time.monotonic,
        timer: Callable[[], float] = time.perf_counter,
        tracker: Tracker | None = None,
        draw: bool = True,
    ) -> None:
        """Create a new detector from the name `detector`. The classifiers may be shared between streams.

        `numbers` gives new faces their numbers; by default these count from 1. `clock` returns the time of a frame in
        seconds. `timer` measures the stages. The two differ if a video is read faster than it was recorded. A `tracker`
        with other settings may be given; `numbers` is then ignored. `draw` is whether to draw boxes and labels.
        """
        self._clock, self._timer = clock, timer
        self._draws = draw
        self._tracker = tracker or Tracker(numbers=numbers)
        self._tracker_mirrored = mirror
        """Whether the tracker's boxes are those of mirrored frames."""
        self._detector_name = detector
        self._follower = make_video_detector(detector, clock)
        self._setup = Recognizer(self._follower, dict(classifiers)), mirror

    def use(self, detector: str, classifiers: Mapping[str, CalibratedClassifier], *, mirror: bool = False) -> None:
        """Use this detector and these classifiers from the next frame on. Faces keep their numbers."""
        if detector != self._detector_name:
            self._detector_name, self._follower = detector, make_video_detector(detector, self._clock)
        # Both values in one assignment, because another thread may be reading a frame.
        self._setup = Recognizer(self._follower, dict(classifiers)), mirror

    def read(self, image: Image) -> FrameReading:
        """Return the readings of the next frame, (H, W, 3) uint8 RGB, and the frame with boxes and labels."""
        recognizer, mirror = self._setup
        stage_ms: dict[str, float] = {}
        stage_start_s = self._timer()

        def end_stage(stage: str) -> None:
            nonlocal stage_start_s
            now = self._timer()
            stage_ms[stage], stage_start_s = 1000 * (now - stage_start_s), now

        image = self._mirror_if_requested(image, mirror)
        faces = recognizer.detector.detect(image)
        crops = recognizer.crop(image, faces)
        time_s = self._clock()
        end_stage("detect")
        readings = recognizer.read_crops(faces, crops, on_model=lambda name: end_stage(f"classify {name}"))
        smoothed = tuple(self._tracker.update(readings, time_s))
        annotated = annotate(image, smoothed, next(iter(recognizer.classifiers))) if self._draws else image
        end_stage("draw")
        searched = getattr(recognizer.detector, "searched", True)
        return FrameReading(time_s, smoothed, crops, annotated, stage_ms, searched)

    def state(self) -> ReaderState:
        """Return what the readings of later frames depend on, apart from the numbers of new faces."""
        return ReaderState(self._follower.state(), self._tracker.state())

    def restore(self, state: ReaderState) -> None:
        """Go on after the frames that another reader with the same settings has read."""
        self._follower.restore(state.detector)
        self._tracker.restore(state.tracker)

    def _mirror_if_requested(self, image: Image, mirror: bool) -> Image:
        """Return the frame, mirrored if requested. Mirror the tracker's boxes too if the setting has changed."""
        if mirror != self._tracker_mirrored:
            self._tracker.mirror(image.shape[1])
            self._tracker_mirrored = mirror
        return np.ascontiguousarray(image[:, ::-1]) if mirror else image
