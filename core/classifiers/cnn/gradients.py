"""Gradients of a network's probabilities with respect to the gray levels of a face."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from core.classifiers.cnn.network import Predictor

BATCH = 32
"""Faces per pass, as in predictions."""

SMALLEST_PROBABILITY = 1e-7
"""Lower bound of probabilities before the logarithm, which is infinite at 0."""


def log_probability_gradients(
    predictor: Predictor, faces: NDArray[np.float32], class_ids: Sequence[int]
) -> NDArray[np.float32]:
    """(n, 48, 48) float32, gray levels 0..255 -> (classes, n, 48, 48) float32: d log p / d gray level.

    The predictor includes the preprocessing and, if the model uses it, the mean over a face and its mirror image.
    """
    parts = [_of_batch(predictor, faces[start : start + BATCH], class_ids) for start in range(0, len(faces), BATCH)]
    return np.concatenate(parts, axis=1) if parts else np.empty((len(class_ids), *faces.shape), np.float32)


def _of_batch(predictor: Predictor, faces: NDArray[np.float32], class_ids: Sequence[int]) -> NDArray[np.float32]:
    # Predictions switch gradients off. A caller may have done so too.
    with torch.inference_mode(mode=False), torch.enable_grad():
        inputs = torch.from_numpy(faces.copy()).requires_grad_()
        totals = predictor(inputs).clamp(min=SMALLEST_PROBABILITY).log().sum(dim=0)  # (7,)
        gradients = [torch.autograd.grad(totals[class_id], inputs, retain_graph=True)[0] for class_id in class_ids]
    return np.stack([gradient.numpy() for gradient in gradients]) if gradients else np.empty((0, *faces.shape))
