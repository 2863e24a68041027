"""Processing time of webcam frames by stage, on a synthetic video of a moving portrait."""

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


def portrait_video(frames: int) -> Iterator[Image]:
    """Yield frames, (480, 640, 3) uint8 RGB, of scikit-image's astronaut.

    The view pans and zooms around the face and repeats after six seconds.
    """
    from skimage.data import astronaut

    portrait = astronaut()
    for angle in 2 * np.pi * np.arange(frames) / (6 * FRAMES_PER_S):
        scale = 640 / (360 + 40 * np.cos(angle))
        x, y = 225 + 25 * np.sin(angle), 150 + 15 * np.sin(2 * angle)
        matrix = np.array([[scale, 0, 320 - scale * x], [0, scale, 240 - scale * y]])
        yield np.asarray(cv2.warpAffine(portrait, matrix, SIZE_WH, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def video_speed(models: Sequence[str], detector: str, frames: int) -> dict[str, Any]:
    """Measure the milliseconds per stage.

    Frames that only follow known faces ("steady") are reported apart from frames that search for faces ("search").
    """
    # The clock follows the video, because frames are read faster than a camera sends them.
    video_s = [0.0]
    reader = FrameReader(detector, {name: load_classifier(name) for name in models}, clock=lambda: video_s[0])
    rows: dict[str, list[Mapping[str, float]]] = {"steady": [], "search": []}
    found = 0
    for number, image in enumerate(portrait_video(WARM_UP_FRAMES + frames)):
        video_s[0] = number / FRAMES_PER_S
        frame = reader.read(image)
        if number >= WARM_UP_FRAMES:
            rows["search" if frame.searched else "steady"].append(frame.stage_ms)
            found += len(frame.readings) == 1
    kinds = {kind: summary(times) for kind, times in rows.items() if times}
    return {"models": list(models), "detector": detector, "frames": frames, "one_face_found": found, **kinds}


def summary(rows: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Summarise frames, each given as milliseconds per stage.

    Returns the number of frames, the median and the 95th percentile of their total time, and the median of each stage.
    """
    totals = [sum(times.values()) for times in rows]
    return {
        "frames": len(rows),
        "median_ms": float(np.median(totals)),
        "p95_ms": float(np.percentile(totals, 95)),
        "stages_ms": {stage: float(np.median([times[stage] for times in rows])) for stage in rows[0]},
    }
