"""The tables that Compare offers as CSV: numbers as they are, fractions 0..1, one row per fact."""

from collections.abc import Mapping
from dataclasses import asdict

import pandas as pd

from core.evaluation import metrics
from core.evaluation.comparison import Differences, McNemar
from core.models.card import Scores


def comparison(
    models: tuple[str, str], scores: tuple[Scores, Scores], differences: Differences, test: McNemar
) -> pd.DataFrame:
    """What the lead of the comparison says, as numbers: figure, model_a, model_b, a_minus_b, low, high, ..."""
    facts = {"model_a": models[0], "model_b": models[1], "images": scores[0].n}
    rows: list[dict[str, object]] = [
        facts
        | {"figure": figure, "a": getattr(scores[0], figure), "b": getattr(scores[1], figure)}
        | asdict(getattr(differences, figure))
        for figure in ("accuracy", "macro_f1", "balanced_accuracy")
    ]
    rows[0] |= asdict(test)  # McNemar's test counts right and wrong answers: it says nothing about F1
    return pd.DataFrame(rows).rename(columns={"p_value": "mcnemar_p", "delta": "a_minus_b"})


def confusion(models: tuple[str, str], counts: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """One row per model and cell: model, true_label, predicted_label, count, share_of_row."""
    return pd.concat([_cells(name, table) for name, table in zip(models, counts, strict=True)], ignore_index=True)


def _cells(name: str, counts: pd.DataFrame) -> pd.DataFrame:
    long = counts.reset_index().melt("true_label", value_name="count")
    shares = metrics.row_shares(counts).reset_index().melt("true_label", value_name="share_of_row")
    return long.assign(model=name, share_of_row=shares["share_of_row"])[
        ["model", "true_label", "predicted_label", "count", "share_of_row"]
    ]


def reliability(bins: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """`calibration_error.reliability` of several models below each other."""
    return pd.concat([table.assign(model=name) for name, table in bins.items()], ignore_index=True)
