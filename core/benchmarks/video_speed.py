"""Processing time of video frames by stage (detect, classify, draw), on a synthetic video of a moving portrait."""

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.classifiers.loading import load_classifier
from core.runtime.memory import resident_mb
from core.video.example import FRAMES_PER_S, portrait_video
from core.video.stream import FrameReader

WARM_UP_FRAMES = 30

MEMORY_FRAMES = 500
"""Frames after which the memory in use is measured for the first time. The second time is at the end."""

StageTimes = dict[str, "array[float]"]
"""Stage -> milliseconds of each frame."""


def video_speed(models: Sequence[str], detector: str, frames: int) -> dict[str, Any]:
    """Return the milliseconds per stage, the number of frames with exactly one face, and the memory in use.

    The key "search" has the times of frames that were searched for new faces. The key "steady" has the times of frames
    in which only known faces were followed. "resident_mb" has the memory of the process after `MEMORY_FRAMES` frames
    and at the end, in MB; it is None for shorter videos.
    """
    # The reader's clock shows the time in the video, whatever the speed of this machine.
    video_s = [0.0]
    reader = FrameReader(detector, {name: load_classifier(name) for name in models}, clock=lambda: video_s[0])
    # Arrays, because 10,000 dictionaries would take 5 MB of the memory that is measured.
    stage_times: dict[str, StageTimes] = {"steady": {}, "search": {}}
    one_face_found, memory_at_start = 0, None
    for number, image in enumerate(portrait_video(WARM_UP_FRAMES + frames)):
        video_s[0] = number / FRAMES_PER_S
        if number == MEMORY_FRAMES:
            memory_at_start = resident_mb()
        frame = reader.read(image)
        if number >= WARM_UP_FRAMES:
            times = stage_times["search" if frame.searched else "steady"]
            for stage, spent_ms in frame.stage_ms.items():
                times.setdefault(stage, array("d")).append(spent_ms)
            one_face_found += len(frame.readings) == 1
    memory_at_end = resident_mb()
    summaries = {kind: summary(times) for kind, times in stage_times.items() if times}
    return {
        "models": list(models),
        "detector": detector,
        "frames": frames,
        "one_face_found": one_face_found,
        "resident_mb": None if memory_at_start is None else [memory_at_start, memory_at_end],
        **summaries,
    }


def summary(stage_times: StageTimes) -> dict[str, Any]:
    """Summarise the times of frames.

    Return the number of frames, the median and 95th percentile of their total times, and the median time of each stage.
    """
    totals = np.sum(list(stage_times.values()), axis=0)
    return {
        "frames": len(totals),
        "median_ms": float(np.median(totals)),
        "p95_ms": float(np.percentile(totals, 95)),
        "stages_ms": {stage: float(np.median(times)) for stage, times in stage_times.items()},
    }
