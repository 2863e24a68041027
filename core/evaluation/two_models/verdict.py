"""The verdict on two models in words, and the evidence for it: worded once for page, command and report."""

from core.evaluation import slices
from core.evaluation.comparison import Difference
from core.evaluation.intervals import TOO_FEW, wilson_interval
from core.evaluation.two_models.figures import Comparison
from core.evaluation.two_models.wording import p_value, percent, percent_with_interval


def verdict(models: tuple[str, str], images: int, accuracies: tuple[float, float], difference: Difference) -> str:
    """Return a sentence without a full stop: which model is more accurate, or why these images do not show it.

    `difference` is that of the accuracies, A minus B.
    """
    if models[0] == models[1]:
        return f"A and B are the same model: {percent(accuracies[0])} accurate"
    if slices.too_few(images):
        return f"Too few images to say which model is more accurate: {images:,}, at least {TOO_FEW} are needed"
    a, b = map(percent, accuracies)
    first, second = models
    size = f"{100 * abs(difference.delta):.1f} points"
    if difference.low > 0:
        return f"{first} beats {second}: {a} against {b}, by {size} {_interval(difference.low, difference.high)}"
    if difference.high < 0:
        return f"{second} beats {first}: {b} against {a}, by {size} {_interval(-difference.high, -difference.low)}"
    return f"These images do not show which is more accurate: {first} {a}, {second} {b}"


def _interval(low: float, high: float) -> str:
    return f"({100 * low:.1f} to {100 * high:.1f})"


def verdict_on(models: tuple[str, str], found: Comparison) -> str:
    """Return the `verdict` of a comparison."""
    return verdict(models, found.images, found.accuracies, found.differences.accuracy)


def about_images(slice_name: str, found: Comparison) -> str:
    """Say in sentences which images were compared, and how many test images A or B has not predicted, if any."""
    description = slices.slice_description(slice_name)
    lacking = f" A or B lacks predictions for {found.unpredicted:,} test images." if found.unpredicted else ""
    return f"{description[0].upper()}{description[1:]}.{lacking}"


def evidence(models: tuple[str, str], found: Comparison) -> str:
    """Return McNemar's test, or both accuracies with their intervals if the verdict does not have them."""
    if models[0] == models[1]:
        return "choose two different models"
    if slices.too_few(found.images):
        rights = (round(share * found.images) for share in found.accuracies)
        a, b = (percent_with_interval(n / found.images, wilson_interval(n, found.images)) for n in rights)
        return f"accuracy A {a}, B {b}"
    difference = found.differences.accuracy
    interval = (
        f"A − B {100 * difference.delta:+.1f} points ({100 * difference.low:+.1f} to {100 * difference.high:+.1f})"
    )
    is_open = difference.low <= 0 <= difference.high
    test = f"McNemar's test {p_value(found.mcnemar.p_value)}"
    return f"{interval.replace('-', '−')} · {test}" if is_open else f"95 % interval in brackets · {test}"
