"""All figures of two models on one slice, computed once for the Compare page and for the report."""

from typing import NamedTuple

import pandas as pd

from core.evaluation import calibration_error, comparison, curves, metrics
from core.models.card import Card
from core.models.scores import Scores


class Comparison(NamedTuple):
    """What a reader sees first of two models, A and B, on the images of one slice that both have predicted.

    Callers must not change the tables, because they are shared.
    """

    images: int
    unpredicted: int
    """Number of test images of the data set in use, in the slice or not, that A or B has not predicted."""
    accuracies: tuple[float, float]
    mcnemar: comparison.McNemar
    differences: comparison.Differences
    agreement: pd.DataFrame
    """The result of `comparison.agreement`."""
    counts: tuple[pd.DataFrame, pd.DataFrame]
    """The 7x7 confusion counts of each model."""
    classes: tuple[pd.DataFrame, pd.DataFrame]
    """The results of `metrics.class_metrics`."""
    pairs: pd.DataFrame
    """The result of `comparison.confused_pairs`."""


class Figures(NamedTuple):
    """Further figures and curves of two models on one slice, which take longer to compute."""

    scores: tuple[Scores, Scores]
    classes: pd.DataFrame
    """The result of `comparison.per_class_pair`."""
    recall_tests: pd.DataFrame
    """The result of `comparison.recall_tests`."""
    kappa: float
    top2_accuracy: tuple[float, float]
    areas: tuple[pd.DataFrame, pd.DataFrame]
    """The results of `curves.areas`."""
    areas_under_risk: tuple[float, float]
    """The results of `curves.area_under_risk_coverage`."""
    bins: tuple[pd.DataFrame, pd.DataFrame]
    """The results of `calibration_error.reliability`."""
    risk_coverage: tuple[pd.DataFrame, pd.DataFrame]
    roc: tuple[pd.DataFrame, pd.DataFrame]
    precision_recall: tuple[pd.DataFrame, pd.DataFrame]
    thresholds: tuple[curves.Selection | None, curves.Selection | None]
    """Coverage and risk at the threshold below which the model's labels are uncertain; None without a threshold."""


def compare(pairs: pd.DataFrame, unpredicted: int = 0) -> Comparison:
    """Compare two models. `pairs` is a table of `comparison.pair` with at least one row, those of one slice."""
    first, second = comparison.scored_table_of(pairs, "a"), comparison.scored_table_of(pairs, "b")
    counts = metrics.confusion(first), metrics.confusion(second)
    return Comparison(
        images=len(pairs),
        unpredicted=unpredicted,
        accuracies=(float(pairs["correct_a"].mean()), float(pairs["correct_b"].mean())),
        mcnemar=comparison.mcnemar(pairs),
        differences=comparison.paired_bootstrap(pairs),
        agreement=comparison.agreement(pairs),
        counts=counts,
        classes=(metrics.class_metrics(counts[0]), metrics.class_metrics(counts[1])),
        pairs=comparison.confused_pairs(*counts),
    )


def unpredicted(manifest: pd.DataFrame, all_pairs: pd.DataFrame) -> int:
    """Return the number of test images that A or B has not predicted. `all_pairs` has the rows of all slices."""
    return int((manifest["split"] == "test").sum() - (all_pairs["split"] == "test").sum())


def figures(pairs: pd.DataFrame, cards: tuple[Card, Card]) -> Figures:
    """Return the further figures. `pairs` is that of `compare`; the cards are those of A and B."""
    first, second = comparison.scored_table_of(pairs, "a"), comparison.scored_table_of(pairs, "b")
    return Figures(
        scores=(metrics.summary(first), metrics.summary(second)),
        classes=comparison.per_class_pair(first, second),
        recall_tests=comparison.recall_tests(pairs),
        kappa=comparison.kappa(pairs),
        top2_accuracy=(metrics.top_k_accuracy(first), metrics.top_k_accuracy(second)),
        areas=(curves.areas(first), curves.areas(second)),
        areas_under_risk=(curves.area_under_risk_coverage(first), curves.area_under_risk_coverage(second)),
        bins=(calibration_error.reliability(first), calibration_error.reliability(second)),
        risk_coverage=(curves.risk_coverage(first), curves.risk_coverage(second)),
        roc=(curves.roc(first), curves.roc(second)),
        precision_recall=(curves.precision_recall(first), curves.precision_recall(second)),
        thresholds=(_at_threshold(first, cards[0]), _at_threshold(second, cards[1])),
    )


def _at_threshold(table: pd.DataFrame, card: Card) -> curves.Selection | None:
    return curves.at_threshold(table, card.calibration.uncertain_below) if card.calibration else None
