"""The training curves of the chosen models in one chart."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from core.training.descriptions import readable_config
from dashboard import keys
from dashboard.charts import style
from dashboard.components import displays, downloads
from dashboard.pages.models.record import Record
from dashboard.plain_text import escape_html, escape_markdown

LEGEND = (
    "Solid lines are measured on val, dotted ones on train; models without val curves have only the latter. A large "
    "marker shows the epoch or iteration that was kept. The horizontal axis is the share of the training, because "
    "networks train for epochs and trees for iterations."
)

TRAIN_CURVES = (
    "Train curves are measured during the epoch, on images that may be augmented. With mixup or teachers, accuracy "
    "counts how often the label with the largest share in the target is predicted. So do not compare the height of "
    "train curves with that of val curves, or of another model's train curve."
)

NO_VAL_CURVES = (
    "No val curves for {names}: trained on val too. So no epoch was selected, and training ran to the last one."
)

METRICS = (("accuracy", "accuracy", 100.0), ("loss", "loss", 1.0))
"""Rows of the chart, from top to bottom: end of the history's column names, title of the y axis, and factor."""

LINES = (("train", "dot", 1.2), ("val", "solid", 2.2))
"""Kinds of lines, the main one last: start of the column's name, dash pattern and width."""

MARKS = 7
"""Largest number of markers on a line, which distinguish the models without colour."""


def show(records: Sequence[Record]) -> None:
    """Show the curves of all models whose history is known, and offer them as CSV."""
    known = [record for record in records if record.history is not None and len(record.history)]
    for record in records:
        if record.history is not None and record.history.empty:
            st.caption(f"The training history of {escape_markdown(record.name)} is empty.")
    if not known:
        return
    histories = {record.name: record.history for record in known if record.history is not None}
    with_train = st.toggle("Train curves of all models", key=keys.TRAIN_CURVES)
    displays.show(training_curves(histories, with_train), finding(histories))
    st.caption(LEGEND)
    if any(_has_altered_targets(record) for record in known if with_train or record.card.was_trained_on_val):
        st.caption(TRAIN_CURVES)
    if without_val := [escape_markdown(record.name) for record in known if record.card.was_trained_on_val]:
        st.caption(NO_VAL_CURVES.format(names=", ".join(without_val)))
    downloads.csv_button(lambda: csv_table(histories), "training-curves", "Training curves as CSV")


def training_curves(histories: dict[str, pd.DataFrame], with_train: bool = False) -> go.Figure:
    """Draw accuracy above loss, over the share of the training, and mark the epoch or iteration that was kept.

    `histories`: model name -> result of `store.read_history`. Columns may be missing; empty ones draw no line. Models
    with val curves have train curves only if `with_train` is true.
    """
    figure = make_subplots(rows=len(METRICS), shared_xaxes=True, vertical_spacing=0.08)
    for row, (metric, title, factor) in enumerate(METRICS, start=1):
        for i, (name, history) in enumerate(histories.items()):
            for line in _lines(name, history, metric, factor, _marker(i), with_train):
                figure.add_trace(line, row, 1)
        figure.update_yaxes(title=title, row=row, col=1)
    for i, name in enumerate(histories):  # one entry of the legend per model, with its colour and marker
        line = {"color": style.SERIES_COLORS[i % 4]}
        entry = {"name": escape_html(name), "legendgroup": name, "mode": "lines+markers"}
        figure.add_scatter(x=[None], y=[None], line=line, marker=_marker(i), **entry)
    figure.update_xaxes(**style.PERCENT_AXIS, range=[0, 104])
    figure.update_xaxes(title="share of the training", row=len(METRICS), col=1)
    figure.update_yaxes(**style.PERCENT_AXIS, row=1, col=1)
    style.style(figure, 460, "Training curves").update_layout(hovermode="closest")
    return style.legend_of_models(figure, len(histories))


def _lines(
    name: str, history: pd.DataFrame, metric: str, factor: float, marker: dict[str, Any], with_train: bool
) -> Iterator[go.Scatter]:
    """Yield the lines of one model for one metric, and a large marker at the kept step, on val if there is a line."""
    drawn = [entry for entry in LINES if history.get(f"{entry[0]}_{metric}", pd.Series()).notna().any()]
    for split, dash, width in drawn if with_train else drawn[-1:]:
        line = {"dash": dash, "width": width, "color": marker["color"]}
        look = {"mode": "lines+markers", "line": line, "marker": {**marker, "maxdisplayed": MARKS}}
        yield _scatter(name, history, history, f"{split}_{metric}", factor, look)
    if drawn and len(_kept(history)):
        look = {"mode": "markers", "marker": {**marker, "size": 13}}
        yield _scatter(name, history, _kept(history), f"{drawn[-1][0]}_{metric}", factor, look)


def _scatter(
    name: str, history: pd.DataFrame, rows: pd.DataFrame, column: str, factor: float, look: dict[str, Any]
) -> go.Scatter:
    """Return a line or markers through some rows of a history."""
    last = history["step"].max()
    value = "%{y:.1f} %" if column.endswith("accuracy") else "%{y:.3f}"
    what = f"<b>{escape_html(name)}</b>, {column.replace('_', ' ')}"
    return go.Scatter(
        x=100 * rows["step"] / max(last, 1),
        y=factor * rows[column],
        customdata=rows["step"],
        hovertemplate=f"{what}<br>step %{{customdata:,}} of {last:,.0f}: {value}<extra></extra>",
        legendgroup=name,
        showlegend=False,
        **look,
    )


def _marker(i: int) -> dict[str, Any]:
    """Return the marker of the i-th model; the fifth has the colour of the first, but another marker."""
    return {"symbol": style.SERIES_SYMBOLS[(i + i // 4) % 4], "size": 6, "color": style.SERIES_COLORS[i % 4]}


def _kept(history: pd.DataFrame) -> pd.DataFrame:
    return history[history["kept"] == 1]


def finding(histories: dict[str, pd.DataFrame]) -> str:
    """Return what the curves show: for each model, the kept step and its accuracy on val, or on train."""
    return "Training curves. " + " ".join(_finding_of(name, history) for name, history in histories.items())


def _finding_of(name: str, history: pd.DataFrame) -> str:
    kept = _kept(history)
    step, last = (kept if len(kept) else history).iloc[-1], history["step"].iloc[-1]
    for split in ("val", "train"):
        accuracy = step.get(f"{split}_accuracy")
        if accuracy is not None and pd.notna(accuracy):
            return f"{name}: {100 * accuracy:.1f} % right on {split} at step {step['step']:,.0f} of {last:,.0f}."
    return f"{name}: {last:,.0f} steps."


def _has_altered_targets(record: Record) -> bool:
    """Return whether the train curves of a model are measured on altered images or targets."""
    config = readable_config(record.card)
    is_augmented = hasattr(config, "augmentation") and any(asdict(config.augmentation).values())
    return bool(getattr(config, "mixup", 0) or getattr(config, "teachers", ()) or is_augmented)


def csv_table(histories: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the histories below each other, with the name of the model in the first column."""
    tables = [history.assign(model=name) for name, history in histories.items()]
    rows = pd.concat(tables, ignore_index=True)
    return rows[["model", *(column for column in rows if column != "model")]]
