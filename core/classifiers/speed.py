"""How long a prediction takes."""

from time import perf_counter

import numpy as np

from core.classifiers.base import Predicts
from core.runtime.threads import one_thread
from core.vision.crops import FACE_SIZE


def milliseconds_per_face(classifier: Predicts, repeats: int = 200, batch: int = 1) -> float:
    """Median time of a prediction for so many faces at once on one thread, for each of them."""
    faces = np.random.default_rng(0).integers(0, 256, (batch, FACE_SIZE, FACE_SIZE), dtype=np.uint8)
    seconds = []
    with one_thread():
        for _ in range(repeats):
            start = perf_counter()
            classifier.predict_proba(faces)
            seconds.append(perf_counter() - start)
    return 1000 * float(np.median(seconds)) / batch
