"""How long a webcam frame takes, stage by stage, on a film of a portrait that moves."""

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Any

import cv2
import numpy as np

from core.detectors import make_video_detector
from core.drawing import annotate
from core.images import Image
from core.recognizer import Reading, Recognizer, load_recognizer
from core.tracking import Tracker

SIZE_WH = (640, 480)
FRAMES_PER_S = 30
WARM_UP_FRAMES = 30


def film(frames: int) -> Iterator[Image]:
    """(480, 640, 3) uint8 RGB each: scikit-image's astronaut, panned and zoomed about the face, six seconds a loop."""
    from skimage.data import astronaut

    portrait = astronaut()
    for angle in 2 * np.pi * np.arange(frames) / (6 * FRAMES_PER_S):
        scale = 640 / (360 + 40 * np.cos(angle))
        x, y = 225 + 25 * np.sin(angle), 150 + 15 * np.sin(2 * angle)
        matrix = np.array([[scale, 0, 320 - scale * x], [0, scale, 240 - scale * y]])
        yield np.asarray(cv2.warpAffine(portrait, matrix, SIZE_WH, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def video_speed(models: Sequence[str], detector: str, frames: int) -> dict[str, Any]:
    """Milliseconds a stage for frames in which known faces were followed, and for those with a search of the frame."""
    recognizer = load_recognizer(models, detector)
    film_s = [0.0]  # the film's own time: it is read faster than a camera would send it
    following = make_video_detector(detector, lambda: film_s[0])
    tracker = Tracker()
    rows: dict[str, list[dict[str, float]]] = {"steady": [], "search": []}
    found = 0
    for number, image in enumerate(film(WARM_UP_FRAMES + frames)):
        film_s[0] = number / FRAMES_PER_S
        times: dict[str, float] = {}
        start = perf_counter()
        faces = following.detect(image)
        times["detect"] = perf_counter() - start
        readings: list[Reading] = []
        for name, classifier in recognizer.classifiers.items():
            start = perf_counter()
            readings = Recognizer(recognizer.detector, {name: classifier}).read_faces(image, faces)
            times[f"classify {name}"] = perf_counter() - start
        start = perf_counter()
        steady = tracker.update(readings, film_s[0])
        annotate(image, steady, models[-1])
        times["draw"] = perf_counter() - start
        if number >= WARM_UP_FRAMES:
            rows["search" if following.searched else "steady"].append(times)
            found += len(faces) == 1
    kinds = {kind: summary(times) for kind, times in rows.items() if times}
    return {"models": list(models), "detector": detector, "frames": frames, "one_face_found": found, **kinds}


def summary(rows: Sequence[dict[str, float]]) -> dict[str, Any]:
    """Frames' seconds a stage -> their number, median and 95th percentile of the whole, median of each stage, in ms."""
    totals = [1000 * sum(times.values()) for times in rows]
    return {
        "frames": len(rows),
        "median_ms": float(np.median(totals)),
        "p95_ms": float(np.percentile(totals, 95)),
        "stages_ms": {stage: 1000 * float(np.median([times[stage] for times in rows])) for stage in rows[0]},
    }
