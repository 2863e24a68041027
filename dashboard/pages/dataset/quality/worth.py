"""What copies are worth: each model's accuracy on test images with an exact copy, a near copy only, or neither."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.evaluation.copies import NEITHER, worth_of_copies
from dashboard import resources
from dashboard.charts import style
from dashboard.components import displays, downloads
from dashboard.components.wording import percent, percent_with_interval
from dashboard.plain_text import escape_html

LONGEST_NAME = 20
"""Maximum number of characters of a model's name in the chart, so that it fits on a phone."""


def show() -> None:
    """Show the accuracies as a chart and as a table, for the leading models that have predictions."""
    table = by_model()
    if table.empty:
        st.caption("No model has predicted the test images of this data set.")
        return
    st.markdown(finding(table))
    displays.show(chart(table), finding(table), table=texts(table))
    downloads.csv_button(table, "worth-of-copies")


def by_model() -> pd.DataFrame:
    """Return the rows of `worth_of_copies` of all leading models, with a column model; empty if there are none."""
    pairs = resources.near_copies.pairs()
    cards = resources.models.cards()
    names = resources.predictions.model_names()
    names = [name for name in names if cards[name].is_leading or cards[name].is_guest] or names
    tables = [
        worth_of_copies(scored, pairs).assign(model=name)
        for name in names
        if pairs is not None and not (scored := resources.predictions.scored(name)).empty
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def chart(table: pd.DataFrame) -> go.Figure:
    """Draw one row per model of `by_model`, with one dot and its 95 % interval per kind of copies."""
    figure = go.Figure()
    for index, (copies, rows) in enumerate(table.groupby("copies", sort=False)):
        values = 100 * rows[["accuracy", "low", "high"]]
        figure.add_scatter(
            x=values["accuracy"],
            y=[escape_html(name, LONGEST_NAME) for name in rows["model"]],
            error_x=style.error_bars(values["accuracy"], values["low"], values["high"]),
            mode="markers",
            orientation="h",
            name=f"{copies} (n = {rows['images'].iloc[0]:,})",
            marker={"color": style.SERIES_COLORS[index], "symbol": style.SERIES_SYMBOLS[index], "size": 10},
            offsetgroup=copies,
            customdata=_interval_texts(rows),
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(title="accuracy with 95 % interval", **style.PERCENT_AXIS)
    height = 110 + 46 * table["model"].nunique()
    style.legend_below(style.style(figure, height, "Accuracy by copies in Training"))
    return figure.update_layout(scattermode="group", scattergap=0.3, hovermode="closest")


def finding(table: pd.DataFrame) -> str:
    """Return what copies are worth to the first model, in words."""
    model = str(table["model"].iloc[0])
    rows = table[table["model"] == model].set_index("copies")
    shares = {str(copies): percent(share) for copies, share in rows["accuracy"].items()}
    parts = [f"{text} with {copies}" for copies, text in shares.items() if copies != NEITHER]
    return (
        f"{model} is right on {', '.join(parts)}, and on {shares[NEITHER]} of the {rows['images'][NEITHER]:,} test "
        f"images with {NEITHER}. Part of the gap may be that images with copies are easier."
    )


def texts(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with one row per model, as texts."""
    rows = []
    for model, group in table.groupby("model", sort=False):
        titles = [f"{copies}, n = {images:,}" for copies, images in zip(group["copies"], group["images"], strict=True)]
        rows.append({"model": model, **dict(zip(titles, _interval_texts(group), strict=True))})
    return pd.DataFrame(rows)


def _interval_texts(rows: pd.DataFrame) -> list[str]:
    ends = zip(rows["low"], rows["high"], strict=True)
    return [percent_with_interval(share, interval) for share, interval in zip(rows["accuracy"], ends, strict=True)]
