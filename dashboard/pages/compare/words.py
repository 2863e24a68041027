"""The texts of the Compare page."""

from core.evaluation.comparison import Difference, McNemar
from core.models.card import Scores
from dashboard.components.wording import number, p_value, percent_with_interval, points_with_interval
from dashboard.plain_text import escape_markdown

CLASSES_LEAD = (
    "Recall is the share of an emotion's images that are predicted as this emotion. Precision is the share of an "
    "emotion's predictions that are right. F1 is the harmonic mean of recall and precision. Brackets in the table and "
    "lines on the bars show 95 % intervals."
)


def comparison_lead(
    names: tuple[str, str], scores: tuple[Scores, Scores], difference: Difference, mcnemar: McNemar
) -> str:
    """Describe both accuracies, their difference and McNemar's test. Return Markdown."""
    a, b = (
        f"**{escape_markdown(name)}** is right on {percent_with_interval(score.accuracy, score.accuracy_ci)}"
        for name, score in zip(names, scores, strict=True)
    )
    return (
        f"On the same {scores[0].n:,} images, {a} and {b}. The difference A − B is "
        f"{points_with_interval(difference)} percentage points. Brackets hold 95 % intervals: Wilson intervals for the "
        "accuracies, bootstrap intervals (from resampled images) for the difference. "
        f"Only A is right on {mcnemar.only_a:,} images, only B on {mcnemar.only_b:,}. "
        f"McNemar's test, which compares these two counts, gives {p_value(mcnemar.p_value)}. "
        f"{verdict(names, difference)}"
    )


def verdict(names: tuple[str, str], difference: Difference) -> str:
    """Return a Markdown sentence: which model is more accurate, or that the difference's interval includes zero."""
    if difference.low > 0 or difference.high < 0:
        better = escape_markdown(names[0] if difference.low > 0 else names[1])
        return f"The interval of the difference excludes zero: **{better}** is the more accurate model here."
    return "The interval of the difference includes zero: these images do not show which of the two is more accurate."


def calibration_lead(names: tuple[str, str], scores: tuple[Scores, Scores]) -> str:
    """Give the expected calibration errors of both models and explain the diagram. Return Markdown."""
    a, b = (f"**{escape_markdown(name)}** {number(score.ece)}" for name, score in zip(names, scores, strict=True))
    return (
        f"The expected calibration error (ECE) is the mean gap between confidence and accuracy in 15 bins: {a}, {b}. "
        "An ECE of 0 is best. Points below the dotted line mean overconfidence, a confidence that exceeds the accuracy."
    )
