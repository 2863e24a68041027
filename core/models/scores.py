"""Metrics of a model, as cards store them."""

from dataclasses import dataclass, field, replace
from typing import Self

from core.models.plausible import check_count, check_interval, check_number, check_share

Interval = tuple[float, float]
"""Lower and upper bound of a 95 % confidence interval."""

HIGHEST_NLL = 1e6
"""More than the negative log-likelihood of any probability above 0."""


@dataclass(frozen=True)
class ClassScores:
    """Metrics of one emotion, as fractions 0..1; None if undefined."""

    precision: float | None
    recall: float | None
    recall_ci: Interval | None
    f1: float | None
    support: int
    """Number of images with this true label."""

    def __post_init__(self) -> None:
        for name in ("precision", "recall", "f1"):
            check_share(name, getattr(self, name))
        check_interval("recall_ci", self.recall_ci)
        check_count("support", self.support)


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

    def __post_init__(self) -> None:
        check_count("n", self.n)
        for name in ("accuracy", "balanced_accuracy", "macro_f1", "ece"):
            check_share(name, getattr(self, name))
        check_interval("accuracy_ci", self.accuracy_ci)
        check_number("nll", self.nll, 0, HIGHEST_NLL)
        check_number("brier", self.brier, 0, 2)

    def without_calibration(self) -> Self:
        """Return the scores without ECE, NLL and Brier score, which mean nothing for a model that gives labels only."""
        return replace(self, ece=None, nll=None, brier=None)
