"""Charts that only the Compare page uses."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import style
from dashboard.plain_text import escape_html


def per_class_bars(classes: pd.DataFrame, metric: str, model_names: tuple[str, str]) -> go.Figure:
    """Draw one bar per emotion and model, with error bars if the table has intervals for the metric.

    `classes` is the table of `comparison.per_class_pair`; `metric` is recall, precision or f1.
    """
    figure = go.Figure()
    for i, model in enumerate(("A", "B")):
        rows = classes[classes["model"] == model]
        figure.add_bar(
            name=f"{model}: {escape_html(model_names[i])}",
            orientation="h",
            y=[f"{e}<br>n = {n:,}" for e, n in zip(rows["emotion"], rows["support"], strict=True)],
            x=rows[metric],
            marker={
                "color": style.SERIES_COLORS[i],
                "pattern": {"shape": "/" if i else "", "fillmode": "overlay", "fgcolor": "white", "fgopacity": 0.35},
            },
            error_x=_error_bars(rows, metric),
            hovertemplate="%{x:.1%}",
        )
    figure.update_xaxes(tickformat=".0%", range=[0, 1.01], title=metric)
    figure.update_yaxes(autorange="reversed")
    return style.style(figure, 520).update_layout(barmode="group", bargap=0.25, bargroupgap=0.05)


def _error_bars(rows: pd.DataFrame, metric: str) -> dict[str, object] | None:
    if f"{metric}_low" not in rows:
        return None
    return style.error_bars(rows[metric], rows[f"{metric}_low"], rows[f"{metric}_high"])
