"""The texts of the Compare page."""

from core.evaluation import slices
from core.evaluation.two_models.figures import Comparison
from core.evaluation.two_models.verdict import about_images, evidence, verdict_on
from dashboard.components.wording import number
from dashboard.plain_text import escape_html, escape_markdown

Models = tuple[str, str]

ROC_LEAD = (
    "Each emotion against the rest, for every threshold of its probability. The area is the probability that an image "
    "of the emotion gets a higher value than another image; 0.5 is chance. Macro is the mean over the emotions."
)

PRECISION_RECALL_LEAD = (
    "Each emotion against the rest, for every threshold of its probability. The area is the average precision; chance "
    "is the emotion's share of the images. Macro is the mean over the emotions."
)


def verdict_html(models: Models, slice_name: str, found: Comparison) -> str:
    """Return the verdict as HTML: which model is more accurate, by how much, on which and how many images."""
    hidden_on_phones = "" if found.unpredicted or slice_name != "test" else " of-all"
    return (
        f'<section class="ferscope-verdict"><h2>{escape_html(verdict_on(models, found))}</h2>'
        f"<p><strong>n = {found.images:,}</strong> · {escape_html(slices.slice_title(slice_name))} · "
        f"{escape_html(evidence(models, found))}</p>"
        f'<p class="ferscope-note{hidden_on_phones}">{escape_html(about_images(slice_name, found))}</p></section>'
    )


def without_curve(emotion: str) -> str:
    """Say why there is no curve of an emotion, or of the mean of all emotions."""
    return (
        f"The chosen test images have no curve of {emotion}: a curve needs images with an emotion's label and images "
        "without it."
    )


def calibration_lead(models: Models, eces: tuple[float | None, float | None]) -> str:
    """Give the expected calibration errors of both models and explain the diagram. Return Markdown."""
    a, b = (f"**{escape_markdown(name)}** {number(ece)}" for name, ece in zip(models, eces, strict=True))
    return (
        f"The expected calibration error (ECE) is the mean gap between confidence and accuracy in 15 bins: {a}, {b}. "
        "An ECE of 0 is best. Points below the dotted line mean overconfidence, a confidence that exceeds the accuracy."
    )
