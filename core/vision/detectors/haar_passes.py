"""The passes of `haar-multi`: cascades, and how the image is rotated or mirrored before they run."""

from dataclasses import dataclass

from core.vision.detectors.haar import MIN_SIDE

FRONTAL, FRONTAL_2, PROFILE = "frontalface_default", "frontalface_alt2", "profileface"
"""OpenCV's names of the three cascades."""

ROTATION = 20
"""Angle in degrees by which some passes rotate the image. Cascades find faces rotated by about 10 degrees at most."""

MAX_VOTES_PER_WINDOW = 2


@dataclass(frozen=True)
class Pass:
    """One way to search an image: a cascade, and how the image is rotated or mirrored beforehand."""

    cascade: str
    rotation: int = 0
    """Rotation of the image before the search, in degrees counterclockwise."""
    mirrored: bool = False
    """Whether the image is mirrored before the search. `PROFILE` finds only faces that look to one side."""

    @property
    def votes(self) -> int:
        """Votes per window: more for FRONTAL_2, the most accurate cascade."""
        return MAX_VOTES_PER_WINDOW if self.cascade == FRONTAL_2 else 1


PASSES = (
    Pass(FRONTAL_2),
    Pass(FRONTAL),
    Pass(FRONTAL_2, ROTATION),
    Pass(FRONTAL_2, -ROTATION),
    Pass(PROFILE),
    Pass(PROFILE, mirrored=True),
    Pass(FRONTAL, ROTATION),
    Pass(FRONTAL, -ROTATION),
)
"""All passes. The passes that find the most faces come first."""

SIZE_RANGES: dict[str, tuple[tuple[tuple[int, int], ...], ...]] = {
    FRONTAL_2: (((90, 0), (72, 90), (58, 72)), ((51, 58), (44, 51)), ((37, 44),), ((MIN_SIDE, 37),)),
    FRONTAL: (((110, 0), (80, 110), (66, 80), (58, 66)), ((51, 58), (44, 51)), ((37, 44),), ((MIN_SIDE, 37),)),
    PROFILE: (
        ((100, 0), (80, 100), (66, 80), (58, 66)),
        ((54, 58), (51, 54), (48, 51), (44, 48)),
        ((40, 44), (37, 40)),
        ((MIN_SIDE, 37),),
    ),
}
"""Cascade -> ranges of window sizes in pixels, in four groups from large to small.

A range includes its first size but not its second; a second size of 0 means no limit. The search of one range takes at
most about 10 ms on one core for an image of 320 x 240 pixels (`python -m core bench --video`). Medium sizes take
longest, so their ranges are narrow: OpenCV tests windows of more than twice the cascade's training size (20 or 24
pixels) at every position, smaller windows only at every second position.
"""

SWEEP = tuple(
    (pass_, size_range) for group in range(4) for pass_ in PASSES for size_range in SIZE_RANGES[pass_.cascade][group]
)
"""Parts of a sweep (a full search spread over the frames of a video): one pass with one range of window sizes each.

Large windows come first. For windows of similar size, the passes run in the order of `PASSES`.
"""
