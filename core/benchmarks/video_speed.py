"""How long a webcam frame takes, stage by stage, on a film of a portrait that moves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import cv2
import numpy as np

from core.classifiers.loading import load_classifier
from core.video.stream import FrameReader
from core.vision.images import Image

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
    """Milliseconds per stage for frames in which known faces were followed, and for those with a search."""
    film_s = [0.0]  # the film's own time: it is read faster than a camera would send it
    reader = FrameReader(detector, {name: load_classifier(name) for name in models}, clock=lambda: film_s[0])
    rows: dict[str, list[Mapping[str, float]]] = {"steady": [], "search": []}
    found = 0
    for number, image in enumerate(film(WARM_UP_FRAMES + frames)):
        film_s[0] = number / FRAMES_PER_S
        frame = reader.read(image)
        if number >= WARM_UP_FRAMES:
            rows["search" if frame.searched else "steady"].append(frame.stage_ms)
            found += len(frame.readings) == 1
    kinds = {kind: summary(times) for kind, times in rows.items() if times}
    return {"models": list(models), "detector": detector, "frames": frames, "one_face_found": found, **kinds}


def summary(rows: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Frames' milliseconds per stage -> their number, median and 95th percentile of the whole, median of each stage."""
    totals = [sum(times.values()) for times in rows]
    return {
        "frames": len(rows),
        "median_ms": float(np.median(totals)),
        "p95_ms": float(np.percentile(totals, 95)),
        "stages_ms": {stage: float(np.median([times[stage] for times in rows])) for stage in rows[0]},
    }
