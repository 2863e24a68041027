"""How the faces of each class vary, and how the mean face of a class differs from that of all, as arrays and pictures.

The mean faces are those of `core.data.measures.class_means`.
"""

import numpy as np
from numpy.typing import NDArray

from core.colors import COLORS, rgb
from core.emotions import EMOTIONS
from core.vision.crops import FACE_SIZE, Faces

DARKER, BRIGHTER = COLORS["sad"], COLORS["angry"]
"""Blue and orange, which colour-blind readers can tell apart: pixels that are darker or brighter than in the mean."""

WHITE = 255


def class_variances(faces: Faces, class_ids: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the variance of each pixel in each class: (7, 48, 48) float32, in squared gray levels.

    The classes are in the order of EMOTIONS. `faces` is (n, 48, 48) uint8. `class_ids` is (n,), the index of the label
    of each face in EMOTIONS. The sums are exact integers, so the result is the same on every machine. It is 0 for a
    class without faces.
    """
    variances = np.zeros((len(EMOTIONS), FACE_SIZE, FACE_SIZE), np.float32)
    for class_id in range(len(EMOTIONS)):
        members = faces[class_ids == class_id]
        n = len(members)
        sums = members.sum(axis=0, dtype=np.int64)
        square_sums = np.einsum("nij,nij->ij", members, members, dtype=np.int64)
        variances[class_id] = (n * square_sums - sums * sums) / max(n, 1) ** 2
    return variances


def differences(means: NDArray[np.float32], counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the mean face of each class minus the mean of all faces, (7, 48, 48) float32, in gray levels.

    `means` are the mean faces, (7, 48, 48), and `counts` (7,) the numbers of their faces. A class without faces has no
    difference: zeros.
    """
    if not counts.sum():
        return np.zeros_like(means)
    of_all = np.tensordot(counts / counts.sum(), means.astype(np.float64), axes=1)
    return np.where((counts > 0)[:, None, None], means - of_all, 0).astype(np.float32)


def distances(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the root mean square of each map: (k, 48, 48) -> (k,) float32."""
    return np.asarray(np.sqrt((maps.astype(np.float64) ** 2).mean(axis=(1, 2))), np.float32)


def limit(maps: NDArray[np.float32]) -> float:
    """Return the end of the scale on which all maps are drawn: their largest absolute value."""
    return float(np.abs(maps).max(initial=0.0))


def gray_pictures(maps: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Draw maps of values of at least 0 in gray, on one scale: 0 is black, `limit` white. (k, 48, 48) -> the same."""
    return (maps * (WHITE / (limit(maps) or 1))).round().astype(np.uint8)


def diverging_pictures(maps: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Draw maps around 0 in colours, on one scale: (k, 48, 48) -> (k, 48, 48, 3) uint8 RGB.

    0 is white, -`limit` the colour `DARKER`, and `limit` the colour `BRIGHTER`.
    """
    share = (maps / (limit(maps) or 1))[..., None]
    ends = np.where(share < 0, np.array(rgb(DARKER)), np.array(rgb(BRIGHTER)))
    colors = WHITE + np.abs(share) * (ends - WHITE)
    return np.asarray(colors.round(), np.uint8)
