"""Numbers and results in words, as they stand on screen. An undefined number is a dash, never a guess."""

import math
from collections.abc import Mapping
from typing import Any

DASH = "–"


def is_undefined(value: float | None) -> bool:
    return value is None or math.isnan(value)


def percent(share: float | None, digits: int = 1) -> str:
    """0.6254 -> '62.5 %'."""
    return DASH if is_undefined(share) else f"{share:.{digits}%}".replace("%", " %")


def number(value: float | None, digits: int = 3) -> str:
    """0.61234 -> '0.612'."""
    return DASH if is_undefined(value) else f"{value:.{digits}f}"


def percent_with_interval(share: float | None, interval: list[float] | None) -> str:
    """0.625, [0.61, 0.64] -> '62.5 % (61.0 to 64.0)'."""
    if is_undefined(share) or interval is None or is_undefined(interval[0]):
        return percent(share)
    return f"{percent(share)} ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def points(difference: float | None) -> str:
    """0.031 -> '+3.1'; percentage points, with their sign."""
    return DASH if is_undefined(difference) else f"{100 * difference:+.1f}".replace("-", "−")


def points_with_interval(delta: Mapping[str, float]) -> str:
    """An entry of `paired_bootstrap` -> '+3.1 (+2.0 to +4.2)'; percentage points."""
    if is_undefined(delta["delta"]):
        return DASH
    return f"{points(delta['delta'])} ({points(delta['low'])} to {points(delta['high'])})"


def p_value(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def size(size_bytes: int) -> str:
    """2400000 -> '2.4 MB'."""
    return f"{size_bytes / 1e6:.1f} MB"


def duration(seconds: float) -> str:
    """123 -> '2 min 3 s'."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 s"


def comparison_lead(
    names: tuple[str, str],
    summaries: tuple[Mapping[str, Any], Mapping[str, Any]],
    delta: Mapping[str, float],
    test: Mapping[str, float],
) -> str:
    """Accuracy of both with intervals, their difference, and what McNemar's test says; Markdown."""
    a, b = (
        f"**{name}** is right on {percent_with_interval(figures['accuracy'], figures['accuracy_ci'])}"
        for name, figures in zip(names, summaries, strict=True)
    )
    return (
        f"On the same {summaries[0]['n']:,} images, {a} and {b}. The difference A − B is "
        f"{points_with_interval(delta)} percentage points. Where only one of them is right, "
        f"it is A {test['only_a']:,} times and B {test['only_b']:,} times ({p_value(test['p_value'])}). "
        f"{verdict(names, delta)}"
    )


def verdict(names: tuple[str, str], delta: Mapping[str, float]) -> str:
    """Which model is more accurate, if the interval of the difference leaves zero out."""
    if delta["low"] > 0:
        return f"So **{names[0]}** is the more accurate of the two here."
    if delta["high"] < 0:
        return f"So **{names[1]}** is the more accurate of the two here."
    return "The interval includes zero: these images do not tell which of the two is more accurate."


def calibration_lead(names: tuple[str, str], summaries: tuple[Mapping[str, Any], Mapping[str, Any]]) -> str:
    """The expected calibration error of both, and how to read the diagram; Markdown."""
    a, b = (f"**{name}** {number(figures['ece'])}" for name, figures in zip(names, summaries, strict=True))
    return f"Expected calibration error (15 bins): {a}, {b}; 0 is best. Points below the dotted line are overconfident."
