"""Integrated gradients (Sundararajan et al. 2017) of networks.

The pixels of a face change in a straight line from a face without detail, the baseline, to the face itself. The
gradients of log p on this way are averaged and multiplied by the pixels' change. The values therefore sum to
log p(face) - log p(baseline), apart from the error of the mean over `STEPS` points, and p is taken before temperature
scaling. A blur keeps this sum. It makes regions visible, because gradients change their sign from pixel to pixel.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from core.classifiers.base import HasGradients
from core.classifiers.calibrated import Calibrated
from core.emotions import EMOTIONS
from core.evaluation.attribution.explanation import Face
from core.evaluation.attribution.fills import filled

STEPS = 16
"""Number of points on the way from the baseline to the face."""

BASELINE = "mean"
"""Fill of the baseline, a key of `FILLS`."""

SMOOTHING = 2.0
"""Standard deviation of the blur of a map, in pixels."""


def has_gradients(classifier: Calibrated) -> bool:
    """Return whether the classifier is a network that can be differentiated here."""
    return isinstance(classifier.classifier, HasGradients)


def integrated_gradients(classifier: Calibrated, face: Face, labels: Sequence[str]) -> NDArray[np.float32]:
    """(48, 48) uint8 and labels -> (labels, 48, 48) float32."""
    network = classifier.classifier
    assert isinstance(network, HasGradients)
    end, start = (faces[0].astype(np.float32) for faces in (face[None], filled(face[None], BASELINE)))
    # The middles of equal intervals give a more exact mean than the intervals' ends.
    shares = (np.arange(STEPS, dtype=np.float32) + np.float32(0.5)) / np.float32(STEPS)
    faces = start + shares[:, None, None] * (end - start)
    gradients = network.gradients(faces, [EMOTIONS.index(label) for label in labels])  # (labels, steps, 48, 48)
    return smoothed(gradients.mean(axis=1) * (end - start))


def smoothed(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Blur maps, (n, 48, 48). The sum of each stays the same, because the blur mirrors a map at its border."""
    blurred = [cv2.GaussianBlur(values, (0, 0), SMOOTHING, borderType=cv2.BORDER_REFLECT) for values in maps]
    return np.array(blurred, np.float32).reshape(maps.shape)
