"""Smooth the readings of a face over time.

A classifier's probabilities jump from frame to frame even if the face hardly moves. Therefore:

- The probabilities of a face are an exponential moving average. Its half-life is in seconds, so the smoothing does not
  depend on the frame rate.
- A label is held until another label is more probable by `LEAD`, so it does not flicker between similar emotions.
- If the label was certain in the last frame in which the face was found, it becomes uncertain only if its confidence is
  more than `LEEWAY` below the threshold. So the text does not flicker between certain and uncertain.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.emotions import EMOTIONS
from core.recognition.quality import Quality
from core.recognition.reading import Reading

HALF_LIFE_S = 0.25
"""Seconds after which an old reading has half its weight. After one second, newer readings have 94 % of the weight."""

LEAD = 0.08
"""Another label replaces the held label if its averaged probability is higher by at least this."""

LEEWAY = 0.04
"""A label that was certain stays certain until its confidence is more than this below the model's threshold."""


def smooth(reading: Reading, before: Reading, elapsed_s: float, half_life_s: float) -> Reading:
    """Return the reading with smoothed probabilities, labels and thresholds.

    `before` is the smoothed reading of the same face, `elapsed_s` seconds earlier. If `half_life_s` is 0, the reading
    stands alone: nothing is averaged, and no label is held.
    """
    if half_life_s <= 0:
        return reading
    old_weight = decay(elapsed_s, half_life_s)
    old = before.probabilities
    averaged = {
        model: blend(old[model], new, old_weight) if model in old else new
        for model, new in reading.probabilities.items()
    }
    held = {model: hold_label(before, model, new) for model, new in averaged.items()}
    thresholds = {
        model: threshold - LEEWAY if was_certain(before, model, held.get(model)) else threshold
        for model, threshold in reading.thresholds.items()
    }
    return replace(
        reading,
        probabilities=averaged,
        held=held,
        thresholds=thresholds,
        quality=blend_quality(before.quality, reading.quality, old_weight),
    )


def hold_label(before: Reading, model: str, probabilities: Sequence[float]) -> str:
    """Return the model's label in the reading `before`, or the most probable emotion if it leads by at least `LEAD`.

    `probabilities` are the new averaged probabilities. If `before` does not have the model, return the most probable
    emotion.
    """
    most_probable = EMOTIONS[int(np.argmax(probabilities))]
    if model not in before.probabilities:
        return most_probable
    label = before.label(model)
    return most_probable if max(probabilities) >= probabilities[EMOTIONS.index(label)] + LEAD else label


def was_certain(before: Reading, model: str, label: str | None) -> bool:
    """Return whether, in the reading `before`, the model predicted this label with enough confidence."""
    return model in before.probabilities and before.label(model) == label and before.is_confident(model)


def decay(elapsed_s: float, half_life_s: float) -> float:
    """Return the weight left after `elapsed_s` seconds: 1 at 0 s, 0.5 after one half-life, 0 if the half-life is 0."""
    return 0.5 ** (elapsed_s / half_life_s) if half_life_s > 0 else 0.0


def blend(old: tuple[float, ...], new: tuple[float, ...], old_weight: float) -> tuple[float, ...]:
    """Return the weighted average of two sets of values. Probabilities that sum to 1 still do."""
    return tuple(old_weight * before + (1 - old_weight) * now for before, now in zip(old, new, strict=True))


def blend_quality(old: Quality | None, new: Quality | None, old_weight: float) -> Quality | None:
    """Return the new quality, with averages of brightness and sharpness, so that `flaw` does not flicker."""
    if old is None or new is None:
        return new
    brightness, sharpness = blend((old.brightness, old.sharpness), (new.brightness, new.sharpness), old_weight)
    return Quality(new.side, brightness, sharpness)
