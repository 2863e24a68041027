"""One way from a frame to steady readings and the drawn frame: for the webcam, for films and for the benchmark."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.classifiers.base import Reader
from core.recognition.drawing import annotate
from core.recognition.reading import Reading
from core.recognition.recognizer import Recognizer
from core.video.following import make_video_detector
from core.video.tracking import Tracker
from core.vision.crops import Faces, crop_faces
from core.vision.images import Image


@dataclass(frozen=True, eq=False)
class ReadFrame:
    """What was read in one frame."""

    time_s: float
    """When its faces had been found, by the reader's clock."""
    readings: tuple[Reading, ...]
    """Numbered and averaged over time, largest face first; empty if no face was found."""
    crops: Faces
    """(n, 48, 48) uint8: what the models saw, in the order of the readings."""
    annotated: Image
    """The frame, turned into its mirror image if that was asked for, with boxes and the first model's labels."""
    stage_ms: Mapping[str, float]
    """Milliseconds of each stage: detect, `classify <model>` for each model, draw."""
    searched: bool
    """Whether this frame was searched for new faces, in whole or in part; otherwise known faces were followed."""


class FrameReader:
    """Reads the frames of one stream, in their order, from one thread; `use` may be called from another."""

    def __init__(
        self,
        detector: str,
        classifiers: Mapping[str, Reader],
        *,
        mirror: bool = False,
        numbers: Iterator[int] | None = None,
        clock: Callable[[], float] = time.monotonic,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`detector` is a name, since each stream makes its own; the classifiers may be shared.

        Faces are numbered by `numbers`, from 1 without. `clock` gives the seconds at which frames come, `timer` those
        that stages take: a film may be read faster than it was taken.
        """
        self._clock, self._timer = clock, timer
        self._tracker = Tracker(numbers=numbers)
        self._tracked_mirror = mirror
        """Whether the tracker's faces are of mirror images."""
        self._detector = detector
        self._follower = make_video_detector(detector, clock)
        self._setup = Recognizer(self._follower, dict(classifiers)), mirror

    def use(self, detector: str, classifiers: Mapping[str, Reader], *, mirror: bool = False) -> None:
        """Read the next frame with this detector and these classifiers; the faces keep their numbers."""
        if detector != self._detector:
            self._detector, self._follower = detector, make_video_detector(detector, self._clock)
        self._setup = Recognizer(self._follower, dict(classifiers)), mirror  # at once: another thread may be reading

    def read(self, image: Image) -> ReadFrame:
        """(H, W, 3) uint8 RGB, the next frame."""
        recognizer, mirror = self._setup
        stage_ms: dict[str, float] = {}
        since = self._timer()

        def lap(stage: str) -> None:
            nonlocal since
            now = self._timer()
            stage_ms[stage], since = 1000 * (now - since), now

        image = self._turned(image, mirror)
        faces = recognizer.detector.detect(image)
        crops = crop_faces(image, faces)
        time_s = self._clock()
        lap("detect")
        readings = recognizer.read_crops(faces, crops, on_model=lambda name: lap(f"classify {name}"))
        steady = tuple(self._tracker.update(readings, time_s))
        annotated = annotate(image, steady, next(iter(recognizer.classifiers)))
        lap("draw")
        return ReadFrame(time_s, steady, crops, annotated, stage_ms, getattr(recognizer.detector, "searched", True))

    def _turned(self, image: Image, mirror: bool) -> Image:
        """The frame or its mirror image; the tracker's faces go along when that changes."""
        if mirror != self._tracked_mirror:
            self._tracker.mirror(image.shape[1])
            self._tracked_mirror = mirror
        return np.ascontiguousarray(image[:, ::-1]) if mirror else image
