"""Match the faces of a frame with the known faces of a video.

- Boxes that overlap show the same face. The pair that overlaps most is matched first.
- Then as many of the other faces as possible are paired, whatever their distance. A person may move quickly, the camera
  may be bumped, and frames may be dropped. So a new person is only counted if no known face is missing.
- If there are several ways to pair them, the way with the smallest sum of differences counts. `difference` depends on
  distance and size. It uses logarithms: one near and one far pair are more probable than two pairs in between.
- If more faces are missing than found, the doubts about the known faces are added. Faces that were seen recently win.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from core.vision.faces import Face

MIN_IOU = 0.3
"""Minimum intersection over union of two boxes that are matched because they overlap."""


def match_people(old: Sequence[Face], new: Sequence[Face], doubts: Sequence[float]) -> dict[int, int]:
    """Return the matched faces as a dictionary from the index in `new` to the index in `old`.

    Overlapping faces are matched first. Then the others are paired until none is left in `old` or none in `new`.
    `doubts` has one value for each face in `old`: the higher it is, the less probable is it that this face is back.
    A doubt of 1 counts as much as twice the distance. It decides only which faces are left over.
    """
    pairs = match_faces(old, new)
    old_rest = [index for index in range(len(old)) if index not in pairs.values()]
    new_rest = [index for index in range(len(new)) if index not in pairs]
    if old_rest and new_rest:
        costs = np.array([[difference(old[i], new[j]) + doubts[i] for j in new_rest] for i in old_rest])
        for row, column in zip(*linear_sum_assignment(costs), strict=True):
            pairs[new_rest[column]] = old_rest[row]
    return pairs


def match_faces(old: Sequence[Face], new: Sequence[Face], min_iou: float = MIN_IOU) -> dict[int, int]:
    """Return the overlapping faces as a dictionary from the index in `new` to the index in `old`.

    The two faces that overlap most are matched first. Each face is matched at most once.
    """
    pairs: dict[int, int] = {}
    for overlap, new_index, old_index in sorted(_overlaps(old, new), key=lambda triple: -triple[0]):
        if overlap >= min_iou and new_index not in pairs and old_index not in pairs.values():
            pairs[new_index] = old_index
    return pairs


def _overlaps(old: Sequence[Face], new: Sequence[Face]) -> Iterator[tuple[float, int, int]]:
    """Yield for each pair of faces the intersection over union, the index in `new` and the index in `old`."""
    for new_index, new_face in enumerate(new):
        for old_index, old_face in enumerate(old):
            yield iou(old_face, new_face), new_index, old_index


def iou(a: Face, b: Face) -> float:
    """Return the intersection over union of two boxes, 0..1."""
    width = min(a.xyxy[2], b.xyxy[2]) - max(a.xyxy[0], b.xyxy[0])
    height = min(a.xyxy[3], b.xyxy[3]) - max(a.xyxy[1], b.xyxy[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (a.area + b.area - shared)


def difference(a: Face, b: Face) -> float:
    """Return how much two boxes differ in position and size: 0 if they are equal, without an upper limit.

    The difference grows by 1 if one box has twice the side of the other. It also grows by 1 if the distance doubles,
    for distances of several sides. At a distance of one side, boxes of equal size have a difference of 1.
    """
    a_side, b_side = _side(a), _side(b)
    distance = math.dist(a.centre, b.centre) / ((a_side + b_side) / 2)
    return math.log2(1 + distance) + abs(math.log2(a_side / b_side))


def _side(face: Face) -> float:
    """Return the side of a square with the area of the box, in pixels; at least 1, because boxes may be empty."""
    return math.sqrt(max(face.area, 1))
