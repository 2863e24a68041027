"""The content of card.json, which describes a trained model.

A card with impossible values cannot be created: creating one raises ContentError, whether it is read or computed.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from core.files import ContentError
from core.models.plausible import (
    LONGEST_NAME,
    check_count,
    check_number,
    check_recipe,
    check_share,
    check_text,
    check_texts,
)
from core.models.scores import Scores

Role = Literal["default", "notebook", "lesson", "own", "guest", "variant", "ancestor"]
"""What a model is for.

- default: one of the two models that are used unless others are chosen
- notebook: one of the two models of the notebook project
- lesson: shows the effect of augmentation
- own: trained by the user
- guest: made by others with another program, and added by the user
- variant: an alternative to another model
- ancestor: an earlier stage or a teacher of the default network
"""

LEADING_ROLES: tuple[Role, ...] = ("default", "notebook", "lesson", "own", "guest")
"""Roles of the models that pages and lists show first, in this order."""

PREDICTIONS_ONLY = "predictions"
"""The family of guests that consist of stored predictions, without a model."""

GuestKind = Literal["predictions", "onnx", "catboost", "state-dict"]
"""What a guest was added as: a table of predictions, an ONNX graph, CatBoost's trees or PyTorch's weights."""

FACES_INPUT = "(n, 48, 48) uint8, gray, one face each, cropped by crop_face"
"""The field `input` of the cards of all models that can predict."""

LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE = 0.01, 100.0
"""Temperatures are fitted from 0.05 to 20. Far outside, powers of probabilities would leave the range of floats."""

MOST_CLASSES, MOST_ENTRIES = 100, 100
"""Largest numbers of classes, and of slices, splits and libraries in a card."""


@dataclass(frozen=True)
class Calibration:
    """Temperature and confidence threshold, fitted on val."""

    temperature: float
    """Divisor of the logits (Guo et al. 2017); above 1 it lowers the confidence."""
    fitted_on: str
    """The split that the calibration was fitted on."""
    uncertain_below: float
    """Threshold: labels with a lower confidence are called uncertain."""
    coverage: float
    """Share of val images with a confidence at or above the threshold, 0..1."""
    kept_accuracy: float
    """Accuracy on the val images that reach the threshold, 0..1."""
    fitted_with: str | None = None
    """The other model that the calibration was taken over from; None if the model has its own."""

    def __post_init__(self) -> None:
        check_number("temperature", self.temperature, LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE)
        for name in ("uncertain_below", "coverage", "kept_accuracy"):
            check_share(name, getattr(self, name))
        for name in ("fitted_on", "fitted_with"):
            check_text(name, getattr(self, name), LONGEST_NAME)

    def taken_over_from(self, model: str) -> "Calibration":
        """Return a copy for the card of a model that was trained on val. `model` is the source of the calibration."""
        return replace(self, fitted_with=model)


@dataclass(frozen=True)
class Card:
    """A model card (Mitchell et al. 2019, "Model Cards for Model Reporting")."""

    name: str
    family: str
    """A key of `CLASSIFIERS`, or `PREDICTIONS_ONLY`."""
    recipe_name: str
    """A key of `RECIPES`. For a guest: what was added, a `GuestKind`."""
    classes: list[str]
    """Emotions, in the order of the probabilities."""
    input: str
    """Shape, dtype and meaning of the model's input."""
    recipe: dict[str, Any]
    """The fields of the family's config: every hyperparameter, including the random seed. See `loading.config_of`."""
    seed: int
    split_sizes: dict[str, int]
    """Number of images in train, val and test."""
    data_fingerprint: str
    """Fingerprint of the import that the model was trained on."""
    parameters: str
    """Size of the fitted model, such as `627,575 weights`."""
    scores: dict[str, Scores]
    """Metrics by slice."""
    weights_sha256: str
    size_bytes: int
    """Size of the weights file."""
    ms_per_face: float | None
    """Median milliseconds of a prediction for one face on one thread; `python -m core bench --cards` updates it.

    None for a guest that consists of predictions.
    """
    seconds: float | None
    """Duration of the fit on `machine`, in seconds; None for a guest, whose training is unknown."""
    machine: str
    """Processor, number of threads and GPU."""
    versions: dict[str, str]
    """Versions of the libraries used for the training."""
    trained: str
    """Date of the training run (UTC), as YYYY-MM-DD; for a guest, the date on which it was added."""
    calibration: Calibration | None = None
    """None if no temperature was fitted."""
    role: Role = "own"
    timing_processor: str | None = None
    """The processor on which `ms_per_face` was measured; None if it is that of `machine`."""

    def __post_init__(self) -> None:
        _check_texts(self)
        _check_numbers(self)
        _check_scores(self)
        check_recipe(self.recipe)

    @property
    def was_trained_on_val(self) -> bool:
        """Whether the model was trained on train and val. Then nothing may be chosen or measured on val."""
        return bool(self.recipe.get("fit_on") == "train+val")

    @property
    def is_guest(self) -> bool:
        """Whether the model was made by others, and added by the user."""
        return self.role == "guest"

    @property
    def can_predict(self) -> bool:
        """Whether the model can predict new faces. Guests that consist of predictions cannot."""
        return self.family != PREDICTIONS_ONLY

    @property
    def has_probabilities(self) -> bool:
        """Whether the model gives probabilities. Otherwise it gives labels only, stored with a confidence of 1.

        Measures of the confidence mean nothing for such a guest.
        """
        return self.recipe.get("values") != "labels"

    @property
    def is_leading(self) -> bool:
        """Whether the model has one of the `LEADING_ROLES`."""
        return self.role in LEADING_ROLES

    @property
    def temperature(self) -> float:
        """Temperature of the calibration, or 1 if there is none."""
        return self.calibration.temperature if self.calibration else 1.0

    def score(self, slice_name: str) -> Scores:
        """Return the metrics of one slice; `Scores(n=0)` if the card has none."""
        return self.scores.get(slice_name) or Scores(n=0)


def _check_texts(card: Card) -> None:
    for name in ("family", "recipe_name", "data_fingerprint", "trained"):
        check_text(name, getattr(card, name), LONGEST_NAME)
    for name in ("name", "input", "parameters", "machine", "timing_processor"):
        check_text(name, getattr(card, name))
    check_texts("classes", card.classes, MOST_CLASSES)
    if len(set(card.classes)) < len(card.classes) or not all(card.classes):
        raise ContentError("classes must be different names")
    check_texts("versions", [*card.versions, *card.versions.values()], 2 * MOST_ENTRIES)
    if not re.fullmatch("[0-9A-Za-z-]*", card.data_fingerprint):  # it is also the name of a folder
        raise ContentError("data_fingerprint must have only letters and digits")
    if not re.fullmatch("([0-9a-f]{64})?", card.weights_sha256):  # empty until the weights are written
        raise ContentError("weights_sha256 must have 64 hexadecimal digits")


def _check_numbers(card: Card) -> None:
    check_texts("split_sizes", card.split_sizes, MOST_ENTRIES)
    for split, size in card.split_sizes.items():
        check_count(f"the size of {split}", size)
    check_number("seed", card.seed, -(2**63), 2**63)
    check_number("size_bytes", card.size_bytes, 0, 1e15)
    check_number("ms_per_face", card.ms_per_face, 0, 1e9)
    check_number("seconds", card.seconds, 0, 1e10)


def _check_scores(card: Card) -> None:
    check_texts("scores", card.scores, MOST_ENTRIES)
    for name, scores in card.scores.items():
        if scores.per_class and set(scores.per_class) != set(card.classes):
            raise ContentError(f"the scores of {name} must have the classes of the card")


def leading_first(cards: dict[str, Card]) -> list[Card]:
    """Sort the cards: first those with `LEADING_ROLES`, in that order; within a role, the best test accuracy first.

    All other roles come last and count as one.
    """

    def order(card: Card) -> tuple[int, float, str]:
        rank = LEADING_ROLES.index(card.role) if card.is_leading else len(LEADING_ROLES)
        return rank, -(card.score("test").accuracy or 0), card.name

    return sorted(cards.values(), key=order)
