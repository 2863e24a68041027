"""Maps over a face as HTML: what speaks for a label and what against it, in the view of each model."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.evaluation.attribution.explanation import Explanation
from core.evaluation.attribution.methods import METHODS
from core.evaluation.attribution.pictures import OPPOSES, SUPPORTS, overlay
from core.evaluation.attribution.regions import strongest
from core.vision.images import data_url
from dashboard.plain_text import escape_html

LEGEND = (
    f'<p class="legend"><span class="swatch" style="background:{SUPPORTS}">+</span> speaks for the label '
    f'<span class="swatch against" style="background:{OPPOSES}">−</span> speaks against it</p>'
)

MORE = (
    '<details class="ferscope-note"><summary>What such maps can tell, and what not</summary><p>A map shows what this '
    "model reacts to in this face, not whether it is right. If the pixels that speak most for a label are removed, the "
    "model loses the label much sooner than without random ones. A map does not tell why these pixels matter, nor what "
    "people look at. Compare maps of two models by their places, not by their strength: the strongest place of each "
    "map has the full colour. docs/explanations.md has the methods, their sources and their measurements.</p></details>"
)

LONGEST_FAULT = 300
"""Maximum number of characters of a sentence on why a model has no maps."""


def maps_html(sections: Iterable[str], has_one_label: bool) -> str:
    """Return the results of `model_html` side by side, with a legend. `has_one_label`: no model has two maps."""
    css_class = "models single" if has_one_label else "models"
    return f'<div class="ferscope-why">{LEGEND}<div class="{css_class}">{"".join(sections)}</div>{MORE}</div>'


def model_html(
    title: str,
    model: str,
    face: NDArray[np.uint8],
    found: Sequence[Explanation] | str,
    role_of: Callable[[str], str],
    heading_level: int = 4,
) -> str:
    """Return the maps of one model over a face, (48, 48) uint8, and the method that made them.

    `found` are its explanations, or a sentence on why there are none. `role_of` says in words what a label is, such as
    "predicted". `heading_level` is one more than that of the heading above.
    """
    heading = f"<h{heading_level}>{escape_html(title)}</h{heading_level}>"
    if isinstance(found, str):
        return f'<section>{heading}<p class="ferscope-note">{escape_html(found, LONGEST_FAULT)}</p></section>'
    maps = "".join(_map_html(model, face, each, role_of(each.label)) for each in found)
    method = METHODS[found[0].method]
    note = f'<p class="ferscope-note">{method.title}: {method.description}</p>'
    return f'<section>{heading}<div class="maps">{maps}</div>{note}</section>'


def _map_html(model: str, face: NDArray[np.uint8], explanation: Explanation, role: str) -> str:
    label, places = explanation.label, places_text(explanation)
    alt = escape_html(f"What speaks for {label} in {model}. {places}")
    url = data_url(overlay(face, explanation.values))
    caption = f"for <strong>{label}</strong>, {role}<small>{places}</small>"
    return f'<figure><img src="{url}" alt="{alt}"><figcaption>{caption}</figcaption></figure>'


def places_text(explanation: Explanation) -> str:
    """Say in which part of the face most speaks for the label, and in which most speaks against it."""
    support, opposition = strongest(explanation.values)
    found = [
        f"{words} {side.region}"
        for words, side in (("most for it:", support), ("most against it:", opposition))
        if side.region
    ]
    return "; ".join(found).capitalize() or "Nothing speaks for or against it"
