"""The content of card.json: everything known about a trained model."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

Interval = tuple[float, float]
"""Low and high end of a 95 % interval."""

Role = Literal["default", "notebook", "lesson", "own", "variant", "ancestor"]
"""What a model is for.

- default: one of the two models that are used unless others are chosen
- notebook: one of the two models of the notebook project
- lesson: shows the effect of augmentation
- own: trained by the user
- variant: an alternative to another model
- ancestor: one of the networks that the default was made from
"""

LEADING_ROLES: tuple[Role, ...] = ("default", "notebook", "lesson", "own")
"""Roles of the models that pages and lists show first, in this order."""


@dataclass(frozen=True)
class ClassScores:
    """The figures of one emotion, as fractions 0..1; None if undefined."""

    precision: float | None
    recall: float | None
    recall_ci: Interval | None
    f1: float | None
    support: int
    """Number of images with this true label."""


@dataclass(frozen=True)
class Scores:
    """The figures of one slice, as fractions 0..1; None if undefined. Intervals are 95 % Wilson intervals."""

    n: int
    """Number of images."""
    accuracy: float | None = None
    accuracy_ci: Interval | None = None
    balanced_accuracy: float | None = None
    macro_f1: float | None = None
    ece: float | None = None
    """Expected calibration error with 15 bins of equal width."""
    nll: float | None = None
    """Negative log-likelihood in nats."""
    brier: float | None = None
    per_class: dict[str, ClassScores] = field(default_factory=dict)
    """Figures by emotion."""


@dataclass(frozen=True)
class Calibration:
    """Temperature and threshold, fitted on val."""

    temperature: float
    """Divisor of the logits (Guo et al. 2017); above 1 it lowers the confidence."""
    fitted_on: str
    """The split that the calibration was fitted on."""
    uncertain_below: float
    """Threshold: labels with a lower confidence are called uncertain."""
    coverage: float
    """Share of val images with a confidence at or above the threshold, 0..1."""
    kept_accuracy: float
    """Accuracy on these val images, 0..1."""
    fitted_with: str | None = None
    """The model whose probabilities were used, if it is another one; otherwise None."""

    def taken_over_from(self, model: str) -> "Calibration":
        """Return a copy for the card of a model that was trained on val; `model` is where it comes from."""
        return replace(self, fitted_with=model)


@dataclass(frozen=True)
class Card:
    """A model's card (Mitchell et al. 2019)."""

    name: str
    family: str
    """A key of `CLASSIFIERS`."""
    recipe_name: str
    """A key of `RECIPES`."""
    classes: list[str]
    """Emotions, in the order of the probabilities."""
    input: str
    """Shape, dtype and meaning of the model's input."""
    recipe: dict[str, Any]
    """Every hyperparameter, including the seed: the fields of the family's config. See `loading.config_of`."""
    seed: int
    split_sizes: dict[str, int]
    """Number of images in train, val and test."""
    data_fingerprint: str
    """Fingerprint of the import that the model was trained on."""
    parameters: str
    """What was learnt, in words, such as the number of weights or trees."""
    scores: dict[str, Scores]
    """Figures by slice."""
    weights_sha256: str
    size_bytes: int
    """Size of the weights file."""
    ms_per_face: float
    """Median time of a prediction for one face on one thread of `machine`."""
    seconds: float
    """Duration of the training on `machine`."""
    machine: str
    versions: dict[str, str]
    """Versions of the libraries used for the training."""
    trained: str
    """ISO date."""
    calibration: Calibration | None = None
    """None if no temperature was fitted."""
    role: Role = "own"

    @property
    def has_learnt_val(self) -> bool:
        """Whether the model was trained on val too. Then nothing may be chosen or measured on val."""
        return bool(self.recipe.get("fit_on") == "train+val")

    @property
    def is_leading(self) -> bool:
        """Whether the model is shown with the first ones."""
        return self.role in LEADING_ROLES

    @property
    def temperature(self) -> float:
        """The temperature, or 1 without calibration."""
        return self.calibration.temperature if self.calibration else 1.0

    def score(self, slice_name: str) -> Scores:
        """Return the figures of one slice; an empty `Scores` if the card has none."""
        return self.scores.get(slice_name) or Scores(n=0)


def leading_first(cards: dict[str, Card]) -> list[Card]:
    """Sort cards by role, in the order of `LEADING_ROLES`, then by accuracy on test. Other roles come last."""

    def order(card: Card) -> tuple[int, float, str]:
        place = LEADING_ROLES.index(card.role) if card.is_leading else len(LEADING_ROLES)
        return place, -(card.score("test").accuracy or 0), card.name

    return sorted(cards.values(), key=order)
