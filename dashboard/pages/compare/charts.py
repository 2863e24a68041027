"""Charts that only the Compare page uses."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import style


def per_class_bars(classes: pd.DataFrame, figure_name: str, names: tuple[str, str]) -> go.Figure:
    """Draw one figure of both models for each emotion, with its intervals if the table has them.

    `classes` is the table of `comparison.per_class_pair`, `figure_name` is recall, precision or f1.
    """
    figure = go.Figure()
    for i, model in enumerate(("A", "B")):
        rows = classes[classes["model"] == model]
        figure.add_bar(
            name=f"{model}: {names[i]}",
            orientation="h",
            y=[f"{e}<br>n = {n:,}" for e, n in zip(rows["emotion"], rows["support"], strict=True)],
            x=rows[figure_name],
            marker={
                "color": style.MODEL_COLORS[i],
                "pattern": {"shape": "/" if i else "", "fillmode": "overlay", "fgcolor": "white", "fgopacity": 0.35},
            },
            error_x=_interval(rows, figure_name),
            hovertemplate="%{x:.1%}",
        )
    figure.update_xaxes(tickformat=".0%", range=[0, 1.01], title=figure_name)
    figure.update_yaxes(autorange="reversed")
    return style.style(figure, 520).update_layout(barmode="group", bargap=0.25, bargroupgap=0.05)


def _interval(rows: pd.DataFrame, figure_name: str) -> dict[str, object] | None:
    if f"{figure_name}_low" not in rows:
        return None
    return style.error_bars(rows[figure_name], rows[f"{figure_name}_low"], rows[f"{figure_name}_high"])
