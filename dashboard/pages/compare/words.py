"""The texts of the Compare page."""

from core.evaluation.comparison import Difference, McNemar
from core.models.card import Scores
from dashboard.components.wording import number, p_value, percent_with_interval, points_with_interval

CLASSES_LEAD = (
    "Recall is the share of images with this true label that also get this predicted label. Precision is the share of "
    "predictions of this label that are right. F1 is their harmonic mean. Brackets and lines show 95 % intervals."
)


def comparison_lead(
    names: tuple[str, str], scores: tuple[Scores, Scores], difference: Difference, test: McNemar
) -> str:
    """Describe both accuracies, their difference and McNemar's test. Return Markdown."""
    a, b = (
        f"**{name}** is right on {percent_with_interval(figures.accuracy, figures.accuracy_ci)}"
        for name, figures in zip(names, scores, strict=True)
    )
    return (
        f"On the same {scores[0].n:,} images, {a} and {b}. The difference A − B is "
        f"{points_with_interval(difference)} percentage points. Brackets hold 95 % intervals: Wilson intervals for the "
        "accuracies, bootstrap intervals (from resampled images) for the difference. "
        f"Only A is right on {test.only_a:,} images, only B on {test.only_b:,}. "
        f"McNemar's test, which compares these two counts, gives {p_value(test.p_value)}. {verdict(names, difference)}"
    )


def verdict(names: tuple[str, str], difference: Difference) -> str:
    """Name the more accurate model; neither if the interval of the difference includes zero."""
    if difference.low > 0:
        return f"So **{names[0]}** is the more accurate of the two here."
    if difference.high < 0:
        return f"So **{names[1]}** is the more accurate of the two here."
    return "The interval of the difference includes zero: these images do not show which of the two is more accurate."


def calibration_lead(names: tuple[str, str], scores: tuple[Scores, Scores]) -> str:
    """Give both expected calibration errors and explain the diagram. Return Markdown."""
    a, b = (f"**{name}** {number(figures.ece)}" for name, figures in zip(names, scores, strict=True))
    return (
        f"Expected calibration error (ECE), the mean gap between confidence and accuracy in 15 bins: {a}, {b}. "
        "0 is best. Points below the dotted line mean overconfidence: the confidence is higher than the accuracy."
    )
