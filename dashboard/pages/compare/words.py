"""The results of a comparison in words."""

from core.evaluation.comparison import Difference, McNemar
from core.models.card import Scores
from dashboard.components.wording import number, p_value, percent_with_interval, points_with_interval


def comparison_lead(
    names: tuple[str, str], scores: tuple[Scores, Scores], difference: Difference, test: McNemar
) -> str:
    """Accuracy of both with intervals, their difference, and what McNemar's test says; Markdown."""
    a, b = (
        f"**{name}** is right on {percent_with_interval(figures.accuracy, figures.accuracy_ci)}"
        for name, figures in zip(names, scores, strict=True)
    )
    return (
        f"On the same {scores[0].n:,} images, {a} and {b}. The difference A − B is "
        f"{points_with_interval(difference)} percentage points. Where only one of them is right, "
        f"it is A {test.only_a:,} times and B {test.only_b:,} times ({p_value(test.p_value)}). "
        f"{verdict(names, difference)}"
    )


def verdict(names: tuple[str, str], difference: Difference) -> str:
    """Which model is more accurate, if the interval of the difference leaves zero out."""
    if difference.low > 0:
        return f"So **{names[0]}** is the more accurate of the two here."
    if difference.high < 0:
        return f"So **{names[1]}** is the more accurate of the two here."
    return "The interval includes zero: these images do not tell which of the two is more accurate."


def calibration_lead(names: tuple[str, str], scores: tuple[Scores, Scores]) -> str:
    """The expected calibration error of both, and how to read the diagram; Markdown."""
    a, b = (f"**{name}** {number(figures.ece)}" for name, figures in zip(names, scores, strict=True))
    return f"Expected calibration error (15 bins): {a}, {b}; 0 is best. Points below the dotted line are overconfident."
