"""The machine that this runs on: its kind in words, and how fast a model is on it."""

import platform
from pathlib import Path
from time import perf_counter

import numpy as np

from core.classifiers.base import Classifier
from core.faces import FACE_SIZE
from core.recognizer import Reader
from core.threads import one_thread


def milliseconds_per_face(classifier: Classifier | Reader, repeats: int = 200, batch: int = 1) -> float:
    """Median time of a prediction for so many faces at once on one thread, for each of them."""
    faces = np.random.default_rng(0).integers(0, 256, (batch, FACE_SIZE, FACE_SIZE), dtype=np.uint8)
    seconds = []
    with one_thread():
        for _ in range(repeats):
            start = perf_counter()
            classifier.predict_proba(faces)
            seconds.append(perf_counter() - start)
    return 1000 * float(np.median(seconds)) / batch


def machine() -> str:
    """The kind of processor and accelerator, in words."""
    import torch

    accelerator = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    return f"{_processor()}, {torch.get_num_threads()} threads, {accelerator}"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
