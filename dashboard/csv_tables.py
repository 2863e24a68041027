"""The tables that pages offer as CSV: numbers as they are, fractions 0..1, one row a fact."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.artifacts import Card
from dashboard import tables


def scores(cards: Mapping[str, Card]) -> pd.DataFrame:
    """Every figure of every card, fractions 0..1: a row a model and slice."""
    rows = [
        {"model": card.name, "family": card.family, "slice": name}
        | {figure: value for figure, value in figures.items() if figure not in ("per_class", "accuracy_ci")}
        | dict(zip(("accuracy_low", "accuracy_high"), figures.get("accuracy_ci") or (None, None), strict=True))
        | {"size_bytes": card.size_bytes, "ms_per_face": card.ms_per_face}
        for card in cards.values()
        for name, figures in card.scores.items()
    ]
    return pd.DataFrame(rows)


def comparison(
    models: tuple[str, str],
    summaries: tuple[Mapping[str, Any], Mapping[str, Any]],
    delta: Mapping[str, Any],
    test: Mapping[str, float],
) -> pd.DataFrame:
    """What the lead of the comparison says, as numbers: figure, model_a, model_b, difference, low, high, ..."""
    facts = {"model_a": models[0], "model_b": models[1], "images": summaries[0]["n"]}
    rows = [
        facts | {"figure": figure, "a": summaries[0][figure], "b": summaries[1][figure], **delta[figure]}
        for figure in ("accuracy", "macro_f1", "balanced_accuracy")
    ]
    rows[0] |= test  # McNemar's test counts right and wrong answers: it says nothing about F1
    return pd.DataFrame(rows).rename(columns={"p_value": "mcnemar_p", "delta": "a_minus_b"})


def confusion(models: tuple[str, str], counts: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """A row a model and cell: model, true_label, predicted_label, count, share_of_row."""
    return pd.concat([_cells(name, table) for name, table in zip(models, counts, strict=True)], ignore_index=True)


def _cells(name: str, counts: pd.DataFrame) -> pd.DataFrame:
    long = counts.reset_index().melt("true_label", value_name="count")
    shares = tables.row_shares(counts).reset_index().melt("true_label", value_name="share_of_row")
    return long.assign(model=name, share_of_row=shares["share_of_row"])[
        ["model", "true_label", "predicted_label", "count", "share_of_row"]
    ]


def reliability(bins: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """`metrics.reliability` of several models below each other."""
    return pd.concat([table.assign(model=name) for name, table in bins.items()], ignore_index=True)
