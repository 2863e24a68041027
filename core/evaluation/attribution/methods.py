"""The registry of methods, and the one function that explains a prediction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.classifiers.calibrated import Calibrated
from core.emotions import EMOTIONS
from core.evaluation.attribution.contributions import contribution_maps, has_contributions
from core.evaluation.attribution.explanation import Explanation, Face
from core.evaluation.attribution.integrated_gradients import has_gradients, integrated_gradients
from core.evaluation.attribution.occlusion import occlusion
from core.exceptions import InputError, shortened, unknown_name


@dataclass(frozen=True)
class Method:
    """One way to explain a prediction."""

    title: str
    description: str
    """One or two sentences for readers who do not know the method."""
    suits: Callable[[Calibrated], bool]
    """Whether a classifier can be explained in this way."""
    maps: Callable[[Calibrated, Face, Sequence[str]], NDArray[np.float32]]
    """Compute the maps: (48, 48) uint8 and labels -> (labels, 48, 48) float32."""


METHODS: dict[str, Method] = {
    "integrated-gradients": Method(
        "Integrated gradients",
        "The network's gradients are added up while an even gray turns into this face. A pixel counts by how much its "
        "change alters the probability on the way.",
        has_gradients,
        integrated_gradients,
    ),
    "occlusion": Method(
        "Occlusion",
        "A square is blurred at each place of the face in turn. A pixel counts by how much the probability falls when "
        "it is covered.",
        lambda _classifier: True,
        occlusion,
    ),
    "contributions": Method(
        "Contributions of the parts",
        "The trees see the face as a grid of parts. A part counts by how much it changes the label's score, compared "
        "with the mean of that part over the training faces.",
        has_contributions,
        contribution_maps,
    ),
}
"""Methods by name, the best first, as measured on val (docs/explanations.md)."""


def methods_for(classifier: Calibrated) -> tuple[str, ...]:
    """Return the names of the methods that suit a classifier, the best first. Occlusion is always among them."""
    return tuple(name for name, method in METHODS.items() if method.suits(classifier))


def explain(classifier: Calibrated, face: Face, labels: Sequence[str], method: str | None = None) -> list[Explanation]:
    """Explain the prediction for a face, (48, 48) uint8: one explanation per label, in the order of `labels`.

    The default is the best method that suits the classifier and has finite values. Raises InputError for an unknown
    label or method, for a method that does not suit the classifier, and if the model fails on changed faces.
    """
    check_names(labels, method)
    names = _suitable(classifier, method)
    maps_by_name = ((name, _maps(METHODS[name], classifier, face, labels)) for name in names)
    return _first_finite(maps_by_name, labels)


def check_names(labels: Iterable[str], method: str | None) -> None:
    """Raise InputError for an unknown label or method."""
    for label in labels:
        if label not in EMOTIONS:
            raise unknown_name("label", label, EMOTIONS)
    if method is not None and method not in METHODS:
        raise unknown_name("method", method, METHODS)


def _suitable(classifier: Calibrated, method: str | None) -> tuple[str, ...]:
    names = methods_for(classifier)
    if method is not None and method not in names:
        raise InputError(f"{method} does not suit this model; use {' or '.join(names)}.")
    return names if method is None else (method,)


def _maps(method: Method, classifier: Calibrated, face: Face, labels: Sequence[str]) -> NDArray[np.float32]:
    try:
        return method.maps(classifier, face, labels)
    except MemoryError as error:
        raise InputError("there is not enough memory to explain this prediction; end other programs.") from error
    except RuntimeError as error:  # torch's error for a network that it cannot compute, for lack of memory too
        raise InputError(
            f"this prediction cannot be explained: the model fails on changed faces ({shortened(error, 120)}); add the "
            "model again, or use another."
        ) from error


def _first_finite(maps_by_name: Iterable[tuple[str, NDArray[np.float32]]], labels: Sequence[str]) -> list[Explanation]:
    for name, maps in maps_by_name:
        if np.isfinite(maps).all():
            return [Explanation(name, label, values) for label, values in zip(labels, maps, strict=True)]
    raise InputError("the values of this explanation are not finite; use another method, such as occlusion.")
