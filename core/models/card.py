"""The content of card.json, which describes a trained model."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

Interval = tuple[float, float]
"""Lower and upper bound of a 95 % confidence interval."""

Role = Literal["default", "notebook", "lesson", "own", "variant", "ancestor"]
"""What a model is for.

- default: one of the two models that are used unless others are chosen
- notebook: one of the two models of the notebook project
- lesson: shows the effect of augmentation
- own: trained by the user
- variant: an alternative to another model
- ancestor: an earlier stage or a teacher of the default network
"""

LEADING_ROLES: tuple[Role, ...] = ("default", "notebook", "lesson", "own")
"""Roles of the models that pages and lists show first, in this order."""


@dataclass(frozen=True)
class ClassScores:
    """Metrics of one emotion, as fractions 0..1; None if undefined."""

    precision: float | None
    recall: float | None
    recall_ci: Interval | None
    f1: float | None
    support: int
    """Number of images with this true label."""


@dataclass(frozen=True)
class Scores:
    """Metrics of one slice; None if undefined. Accuracies and F1 are 0..1. Intervals are 95 % Wilson intervals."""

    n: int
    """Number of images."""
    accuracy: float | None = None
    accuracy_ci: Interval | None = None
    balanced_accuracy: float | None = None
    macro_f1: float | None = None
    ece: float | None = None
    """Expected calibration error, 0..1, with 15 bins of equal width."""
    nll: float | None = None
    """Negative log-likelihood in nats."""
    brier: float | None = None
    """Brier score, 0..2."""
    per_class: dict[str, ClassScores] = field(default_factory=dict)
    """Metrics by emotion."""


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

    def taken_over_from(self, model: str) -> "Calibration":
        """Return a copy for the card of a model that was trained on val. `model` is the source of the calibration."""
        return replace(self, fitted_with=model)


@dataclass(frozen=True)
class Card:
    """A model card (Mitchell et al. 2019, "Model Cards for Model Reporting")."""

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
    ms_per_face: float
    """Median milliseconds of a prediction for one face on one thread; `python -m core bench --cards` updates it."""
    seconds: float
    """Duration of the fit on `machine`, in seconds."""
    machine: str
    """Processor, number of threads and GPU."""
    versions: dict[str, str]
    """Versions of the libraries used for the training."""
    trained: str
    """Date of the training run (UTC), as YYYY-MM-DD."""
    calibration: Calibration | None = None
    """None if no temperature was fitted."""
    role: Role = "own"
    timing_processor: str | None = None
    """The processor on which `ms_per_face` was measured; None if it is that of `machine`."""

    @property
    def was_trained_on_val(self) -> bool:
        """Whether the model was trained on train and val. Then nothing may be chosen or measured on val."""
        return bool(self.recipe.get("fit_on") == "train+val")

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


def leading_first(cards: dict[str, Card]) -> list[Card]:
    """Sort the cards: first those with `LEADING_ROLES`, in that order; within a role, the best test accuracy first.

    All other roles come last and count as one.
    """

    def order(card: Card) -> tuple[int, float, str]:
        rank = LEADING_ROLES.index(card.role) if card.is_leading else len(LEADING_ROLES)
        return rank, -(card.score("test").accuracy or 0), card.name

    return sorted(cards.values(), key=order)
