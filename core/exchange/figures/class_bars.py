"""Bars of recall, precision or F1, one per emotion and model."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from core.evaluation.two_models import wording
from core.exchange.figures import style
from core.exchange.plain_text import escape_html

TITLES = {"recall": "Recall by emotion", "precision": "Precision by emotion", "f1": "F1 by emotion"}


def per_class_bars(classes: pd.DataFrame, metric: str, model_names: Sequence[str]) -> go.Figure:
    """Draw one bar per emotion and model, with error bars if the table has intervals for the metric.

    `classes` is the table of `comparison.per_class_pair`; `metric` is recall, precision or f1. F1 is no share, so its
    axis is 0..1 and not in percent.
    """
    figure = go.Figure()
    for i, (model, color) in enumerate(zip("AB", style.SERIES_COLORS, strict=False)):
        rows = classes[classes["model"] == model]
        figure.add_bar(
            name=f"{model}: {escape_html(model_names[i])}",
            orientation="h",
            y=[f"{e}<br>n = {n:,}" for e, n in zip(rows["emotion"], rows["support"], strict=True)],
            x=_scale(metric) * rows[metric],
            marker={
                "color": color,
                "pattern": {"shape": "/" if i else "", "fillmode": "overlay", "fgcolor": "white", "fgopacity": 0.35},
            },
            error_x=_error_bars(rows, metric),
            customdata=_value_texts(rows, metric),
            hovertemplate="%{customdata}",
        )
    axis = {} if metric == "f1" else style.PERCENT_AXIS
    figure.update_xaxes(
        **axis, range=[0, 1.07 * _scale(metric)], dtick=_scale(metric) / 4, title=metric.replace("f1", "F1")
    )
    figure.update_yaxes(autorange="reversed")
    style.style(figure, 520, TITLES[metric])
    return figure.update_layout(barmode="group", bargap=0.25, bargroupgap=0.05, hovermode="y unified")


def finding(classes: pd.DataFrame, metric: str, model_names: Sequence[str]) -> str:
    """Return for how many emotions each model has the higher value, and where the two differ most."""
    a, b = (classes[classes["model"] == model].set_index("emotion")[metric] for model in "AB")
    difference = (a - b).dropna()
    if difference.empty:
        return "No emotion has a value for both models."
    if not difference.any():
        return f"{metric.capitalize()}: A, {model_names[0]}, and B, {model_names[1]}, have equal values."
    largest = difference.abs().idxmax()
    rows = classes[classes["emotion"] == largest]
    values = (
        f"{name} {_value_texts(rows[rows['model'] == m], metric)[0]}" for m, name in zip("AB", model_names, strict=True)
    )
    return (
        f"{metric.capitalize()}: A, {model_names[0]}, is higher for {int((difference > 0).sum())} of {len(difference)} "
        f"emotions, B, {model_names[1]}, for {int((difference < 0).sum())}. "
        f"The largest difference is that of {largest}: {', '.join(values)}."
    )


def _scale(metric: str) -> int:
    return 1 if metric == "f1" else 100


def _value_texts(rows: pd.DataFrame, metric: str) -> list[str]:
    """Return each value as text, with its interval if the table has one."""
    if metric == "f1":
        return [wording.number(value) for value in rows[metric]]
    ends = rows[[f"{metric}_low", f"{metric}_high"]].to_numpy().tolist()
    return [wording.percent_with_interval(share, pair) for share, pair in zip(rows[metric], ends, strict=True)]


def _error_bars(rows: pd.DataFrame, metric: str) -> dict[str, object] | None:
    if f"{metric}_low" not in rows:
        return None
    return style.error_bars(*(_scale(metric) * rows[f"{metric}{end}"] for end in ("", "_low", "_high")))
