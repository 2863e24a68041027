"""Tables that the Compare page offers as CSV: unformatted numbers, shares as 0..1."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from core.evaluation import metrics
from core.evaluation.two_models.figures import Comparison, Figures

OF_PROBABILITIES = ("top2_accuracy", "ece", "nll", "brier")
"""Figures that are empty for models without probabilities."""


def comparison(
    models: tuple[str, str], found: Comparison, figures: Figures, has_probabilities: Sequence[bool]
) -> pd.DataFrame:
    """Return one row per figure of the whole slice; the column `figure` names it, such as accuracy or ece.

    The other columns: model_a, model_b, images, a, b, a_minus_b, low, high, only_a, only_b, mcnemar_p. Empty: the
    interval of figures that have none, and the last three except for accuracy. Kappa is a figure of both models
    together, and stands in both columns.
    """
    common = {"model_a": models[0], "model_b": models[1], "images": found.images}
    rows: list[dict[str, object]] = [
        common
        | {"figure": metric, "a": getattr(figures.scores[0], metric), "b": getattr(figures.scores[1], metric)}
        | asdict(getattr(found.differences, metric))
        for metric in ("accuracy", "macro_f1", "balanced_accuracy")
    ]
    rows[0] |= asdict(found.mcnemar)  # McNemar's test compares correct and wrong predictions: it belongs to accuracy
    values = [
        {"top2_accuracy": top2, "ece": scores.ece, "nll": scores.nll, "brier": scores.brier} if has else {}
        for scores, top2, has in zip(figures.scores, figures.top2_accuracy, has_probabilities, strict=True)
    ]
    rows += [
        common | {"figure": name, "a": values[0].get(name, np.nan), "b": values[1].get(name, np.nan)}
        for name in OF_PROBABILITIES
    ]
    rows.append(common | {"figure": "kappa", "a": figures.kappa, "b": figures.kappa})
    return pd.DataFrame(rows).rename(columns={"p_value": "mcnemar_p", "delta": "a_minus_b"})


def confusion(models: tuple[str, str], counts: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per model and cell: model, true_label, predicted_label, count, share_of_row."""
    return pd.concat([_cells(name, table) for name, table in zip(models, counts, strict=True)], ignore_index=True)


def _cells(name: str, counts: pd.DataFrame) -> pd.DataFrame:
    long = counts.reset_index().melt("true_label", value_name="count")
    shares = metrics.row_shares(counts).reset_index().melt("true_label", value_name="share_of_row")
    return long.assign(model=name, share_of_row=shares["share_of_row"])[
        ["model", "true_label", "predicted_label", "count", "share_of_row"]
    ]


def classes(found: Comparison, figures: Figures) -> pd.DataFrame:
    """Return the table of `comparison.per_class_pair`, with the differences A − B and Holm's p-value of each emotion.

    Each of recall, precision and f1 has the columns `<metric>_a_minus_b`, `<metric>_difference_low` and `_high`.
    """
    table = figures.classes.copy()
    for metric in ("recall", "precision", "f1"):
        differences = [getattr(found.differences, metric)[emotion] for emotion in table["emotion"]]
        table[f"{metric}_a_minus_b"] = [difference.delta for difference in differences]
        table[f"{metric}_difference_low"] = [difference.low for difference in differences]
        table[f"{metric}_difference_high"] = [difference.high for difference in differences]
    return table.assign(recall_p_holm=table["emotion"].map(figures.recall_tests["p_holm"]))


def by_model(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Join the tables of a curve or diagram; the keys of `tables` become the column `model`."""
    return pd.concat([table.assign(model=name) for name, table in tables.items()], ignore_index=True)
