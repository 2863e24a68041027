"""All figures of the comparison of two models on a slice, as the command `compare` prints them in JSON."""

import math
from typing import Any

import pandas as pd

from core.evaluation import comparison, curves
from core.evaluation.comparison import Difference, Differences
from core.evaluation.metrics import confusion, summary, top_k_accuracy
from core.evaluation.slices import slice_key, too_few
from core.exchange.report.pairs import read_pairs
from core.models.card import Card
from core.models.scores import Scores
from core.models.store import read_card


def compare(a: str, b: str, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the figures of models `a` and `b` on the images that are in all slices of `names`.

    Shares are 0..1, differences are those of a minus b, and undefined numbers are None. So are measures of the
    confidence of models that give labels only. Raises InputError for an unknown model, and if there are no images.
    """
    cards = read_card(a), read_card(b)
    pairs = read_pairs(cards, slice_key(names))[0]
    tables = comparison.scored_table_of(pairs, "a"), comparison.scored_table_of(pairs, "b")
    scores = summary(tables[0]), summary(tables[1])
    counts = confusion(tables[0]), confusion(tables[1])
    differences, mcnemar = comparison.paired_bootstrap(pairs), comparison.mcnemar(pairs)
    balanced = scores[0].balanced_accuracy, scores[1].balanced_accuracy
    return {
        "a": a,
        "b": b,
        "slice": slice_key(names),
        "n": len(pairs),
        "accuracy": _compared_metric(scores[0].accuracy, scores[1].accuracy, differences.accuracy),
        "macro_f1": _compared_metric(scores[0].macro_f1, scores[1].macro_f1, differences.macro_f1),
        "mcnemar": {"only_a": mcnemar.only_a, "only_b": mcnemar.only_b, "p_value": mcnemar.p_value},
        "per_class": _per_class(scores, differences),
        "confusion": {"a": counts[0].to_numpy().tolist(), "b": counts[1].to_numpy().tolist()},
        "calibration": {
            model: _calibration(card, score) for model, card, score in zip("ab", cards, scores, strict=True)
        },
        "too_few": too_few(len(pairs)),
        "balanced_accuracy": _compared_metric(*balanced, differences.balanced_accuracy),
        "kappa": _none_if_nan(comparison.kappa(pairs)),
        "recall_tests": _by_first_column(comparison.recall_tests(pairs).reset_index()),
        "confused_pairs": comparison.confused_pairs(*counts).to_dict("records"),
        "ranking": {model: _ranking(card, table) for model, card, table in zip("ab", cards, tables, strict=True)},
    }


def _compared_metric(a: float | None, b: float | None, difference: Difference) -> dict[str, float | None]:
    """Return a metric of both models, and its difference with the 95 % interval."""
    ends = {name: _none_if_nan(getattr(difference, name)) for name in ("delta", "low", "high")}
    return {"a": a, "b": b, **ends}


def _per_class(scores: tuple[Scores, Scores], differences: Differences) -> dict[str, Any]:
    """Return emotion -> metric -> `_compared_metric`."""
    by_metric = {"recall": differences.recall, "precision": differences.precision, "f1": differences.f1}
    a, b = (score.per_class for score in scores)
    return {
        emotion: {
            metric: _compared_metric(getattr(a[emotion], metric), getattr(b[emotion], metric), by_emotion[emotion])
            for metric, by_emotion in by_metric.items()
        }
        for emotion in a
    }


def _calibration(card: Card, scores: Scores) -> dict[str, float | None]:
    return {name: getattr(scores, name) if card.has_probabilities else None for name in ("ece", "nll", "brier")}


def _ranking(card: Card, table: pd.DataFrame) -> dict[str, Any]:
    """Return what depends on the order of a model's probabilities, and coverage and risk at its own threshold."""
    if not card.has_probabilities:
        return dict.fromkeys(("top2_accuracy", "aurc", "roc_auc", "average_precision", "at_threshold"))
    areas = curves.areas(table)
    return {
        "top2_accuracy": top_k_accuracy(table, k=2),
        "aurc": curves.area_under_risk_coverage(table),
        **{str(name): {str(emotion): _none_if_nan(area) for emotion, area in areas[name].items()} for name in areas},
        "at_threshold": _at_threshold(card, table),
    }


def _at_threshold(card: Card, table: pd.DataFrame) -> dict[str, float | None] | None:
    if card.calibration is None:
        return None
    selection = curves.at_threshold(table, card.calibration.uncertain_below)
    return {
        "uncertain_below": card.calibration.uncertain_below,
        "coverage": _none_if_nan(selection.coverage),
        "risk": _none_if_nan(selection.risk),
    }


def _by_first_column(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return value of the first column -> the other columns of its row; NaN is None."""
    key, *others = table.columns
    return {row[key]: {name: _none_if_nan(row[name]) for name in others} for row in table.to_dict("records")}


def _none_if_nan(value: float) -> float | None:
    """Replace NaN by None, because JSON has no NaN."""
    return None if math.isnan(value) else value
