"""The differences between two models by emotion, as a table with a dot and an interval in each row (a forest plot)."""

import math
from collections.abc import Mapping
from typing import Any

from core.emotions import EMOTIONS
from core.evaluation.comparison import Difference
from core.evaluation.two_models import wording
from core.evaluation.two_models.figures import Comparison
from core.evaluation.two_models.wording import CLASS_METRICS

SMALLEST_LIMIT = 0.05
"""The axis reaches at least 5 points to either side, so that tiny differences look tiny."""


def html(found: Comparison, metric: str) -> str:
    """Return the table as HTML. `metric` is a key of `CLASS_METRICS`."""
    differences: Mapping[str, Difference] = getattr(found.differences, metric)
    limit = _limit(differences)
    rows = "".join(_row(found, emotion, metric, differences[emotion], limit) for emotion in EMOTIONS)
    points = f"{100 * limit:.0f}"
    axis = f'<span class="axis"><span>B better by {points}</span><span>A better by {points}</span></span>'
    name = CLASS_METRICS[metric]
    head = "".join(f'<th scope="col">{title}</th>' for title in ("Emotion", "n", f"{name} A", f"{name} B"))
    return (
        f'<table class="ferscope-forest"><caption>{finding(differences, name)}</caption>'
        f'<thead><tr>{head}<th scope="col">{axis}</th><th scope="col">A − B, points</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def finding(differences: Mapping[str, Difference], name: str) -> str:
    """Return for how many emotions the interval shows that A, or B, has the higher value."""
    better_a = sum(difference.low > 0 for difference in differences.values())
    better_b = sum(difference.high < 0 for difference in differences.values())
    undecided = len(differences) - better_a - better_b
    counts = (("A better for", better_a), ("B better for", better_b), ("undecided for", undecided))
    return f"{name}, 95 % intervals: " + ", ".join(f"{words} {n} of 7" for words, n in counts if n)


def _limit(differences: Mapping[str, Difference]) -> float:
    """Return how far the axis reaches to either side of zero, as a fraction: the next multiple of 5 points."""
    ends = [abs(end) for d in differences.values() for end in (d.low, d.high, d.delta) if not math.isnan(end)]
    return max(SMALLEST_LIMIT, math.ceil(max(ends, default=0) / 0.05 - 1e-9) * 0.05)


def _row(found: Comparison, emotion: str, metric: str, difference: Difference, limit: float) -> str:
    sides: list[Any] = [table.loc[emotion] for table in found.classes]
    values = "".join(f"<td>{value_text(row[metric], metric)}</td>" for row in sides)
    return (
        f'<tr><th scope="row">{emotion}</th><td>{int(sides[0]["support"]):,}</td>{values}'
        f'<td aria-hidden="true">{_plot(difference, limit)}</td><td>{_difference(difference)}</td></tr>'
    )


def value_text(value: float, metric: str) -> str:
    """Return a recall or precision in percent, or an F1, which is no share, as a number 0..1."""
    return wording.number(value) if metric == "f1" else wording.percent(value)


def _difference(difference: Difference) -> str:
    points = wording.points(difference.delta)
    if math.isnan(difference.low):
        return points
    return f"{points}<small> ({wording.points(difference.low)} to {wording.points(difference.high)})</small>"


def _plot(difference: Difference, limit: float) -> str:
    """Return the dot and its interval on an axis from -limit to limit."""
    if math.isnan(difference.delta) or math.isnan(difference.low):
        return '<span class="track"></span>'
    low, middle, high = (50 + 50 * value / limit for value in (difference.low, difference.delta, difference.high))
    side = "a" if difference.low > 0 else "b" if difference.high < 0 else "open"
    return (
        f'<span class="track {side}"><i class="line" style="left:{low:.1f}%;width:{high - low:.1f}%"></i>'
        f'<i class="dot" style="left:{middle:.1f}%"></i></span>'
    )
