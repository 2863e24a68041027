"""Tables that the Compare page offers as CSV: unformatted numbers, shares as 0..1."""

from collections.abc import Mapping
from dataclasses import asdict

import pandas as pd

from core.evaluation import metrics
from core.evaluation.comparison import Differences, McNemar
from core.models.card import Scores


def comparison(
    models: tuple[str, str], scores: tuple[Scores, Scores], differences: Differences, mcnemar: McNemar
) -> pd.DataFrame:
    """Return one row for each of accuracy, macro-F1 and balanced accuracy; the column `figure` names the metric.

    The other columns: model_a, model_b, images, a, b, a_minus_b, low, high, only_a, only_b, mcnemar_p. The last three
    are empty except for accuracy.
    """
    common = {"model_a": models[0], "model_b": models[1], "images": scores[0].n}
    rows: list[dict[str, object]] = [
        common
        | {"figure": metric, "a": getattr(scores[0], metric), "b": getattr(scores[1], metric)}
        | asdict(getattr(differences, metric))
        for metric in ("accuracy", "macro_f1", "balanced_accuracy")
    ]
    rows[0] |= asdict(mcnemar)  # McNemar's test compares correct and wrong predictions, so it belongs to accuracy only
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


def reliability(bins: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Join the `calibration_error.reliability` tables in `bins`; the keys of `bins` become the column `model`."""
    return pd.concat([table.assign(model=name) for name, table in bins.items()], ignore_index=True)
