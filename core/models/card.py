"""What is known of a trained model: the values of card.json."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

Interval = tuple[float, float]
"""Low and high end of a 95 % interval."""

Role = Literal["default", "notebook", "lesson", "own", "variant", "ancestor"]
"""What a model is for: the two that read photos and video unless others are chosen; the notebook project's two; one
that shows what augmentation gains; your own; variations of one idea; the networks that the default came from."""

LEADING_ROLES: tuple[Role, ...] = ("default", "notebook", "lesson", "own")
"""The models that pages and lists show first, in this order; the others stand at the end."""


@dataclass(frozen=True)
class ClassScores:
    """One emotion's figures, fractions 0..1; None if a figure is undefined."""

    precision: float | None
    recall: float | None
    recall_ci: Interval | None
    f1: float | None
    support: int
    """Images with this true label."""


@dataclass(frozen=True)
class Scores:
    """The figures of one slice, fractions 0..1; None if a figure is undefined. Intervals are Wilson's at 95 %."""

    n: int
    """Images."""
    accuracy: float | None = None
    accuracy_ci: Interval | None = None
    balanced_accuracy: float | None = None
    macro_f1: float | None = None
    ece: float | None = None
    """Expected calibration error, 15 bins of equal width."""
    nll: float | None = None
    """Negative log-likelihood, nats."""
    brier: float | None = None
    per_class: dict[str, ClassScores] = field(default_factory=dict)
    """Emotion -> its figures."""


@dataclass(frozen=True)
class Calibration:
    """What was fitted on val."""

    temperature: float
    """Divisor of the logits (Guo et al. 2017): above 1 it takes confidence away."""
    fitted_on: str
    """The split whose images it was fitted on."""
    uncertain_below: float
    """Confidence, after tempering, that leaves `coverage` of val at or above it."""
    coverage: float
    """Share of val at or above it, 0..1."""
    kept_accuracy: float
    """Accuracy on that part of val, 0..1."""
    fitted_with: str | None = None
    """The model whose probabilities it was fitted with, if that is another one; None if it is the model's own."""

    def taken_over_from(self, model: str) -> "Calibration":
        """The same calibration for another model's card, for a fit that has learnt val."""
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
    """The emotions in the order of the probabilities."""
    input: str
    """Shape, type and meaning of what the model takes."""
    recipe: dict[str, Any]
    """The fields of the family's config: every hyperparameter, seed included. `loading.config_of` reads them."""
    seed: int
    split_sizes: dict[str, int]
    """Images in train, val and test."""
    data_fingerprint: str
    """Of the import that the model was trained on."""
    parameters: str
    """What was learnt, in words: the number of weights, or of trees."""
    scores: dict[str, Scores]
    """Slice -> its figures."""
    weights_sha256: str
    size_bytes: int
    """Of the weights file."""
    ms_per_face: float
    """Median time of a prediction for one face, one thread, on `machine`."""
    seconds: float
    """Of the fit, on `machine`."""
    machine: str
    versions: dict[str, str]
    """Libraries that had a part in the training."""
    trained: str
    """ISO date."""
    calibration: Calibration | None = None
    """None if no temperature was fitted."""
    role: Role = "own"

    @property
    def has_learnt_val(self) -> bool:
        """Whether val was fitted too: then nothing can be chosen or measured on it."""
        return bool(self.recipe.get("fit_on") == "train+val")

    @property
    def is_leading(self) -> bool:
        """Whether the model is one of those that are shown first."""
        return self.role in LEADING_ROLES

    @property
    def temperature(self) -> float:
        """The calibration's; 1 without one."""
        return self.calibration.temperature if self.calibration else 1.0

    def score(self, slice_name: str) -> Scores:
        """The figures of one slice; without any if the card has none of it."""
        return self.scores.get(slice_name) or Scores(n=0)


def leading_first(cards: dict[str, Card]) -> list[Card]:
    """By role, as `LEADING_ROLES` has them, the others last; within a role the most accurate on test first."""

    def order(card: Card) -> tuple[int, float, str]:
        place = LEADING_ROLES.index(card.role) if card.is_leading else len(LEADING_ROLES)
        return place, -(card.score("test").accuracy or 0), card.name

    return sorted(cards.values(), key=order)
