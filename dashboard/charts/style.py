"""What all charts share. Backgrounds are transparent for light and dark; assets/style.css colours the text."""

import pandas as pd
import plotly.graph_objects as go

MODEL_COLORS = ("#2A8C9B", "#C8722D", "#7A6FB0", "#8C8C8C")
"""By position: the first model of a page, the second, ...; at least 3:1 against both backgrounds."""

MODEL_SYMBOLS = ("circle", "diamond", "square", "triangle-up")
"""The same order: a model is told apart by its marker as well as by its colour."""

FAINT = "rgba(128, 128, 128, 0.18)"
"""Bands and lines behind the data, on either background."""

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
"""plotly's own options: no toolbar, and the wheel scrolls the page, not the chart."""


def style(figure: go.Figure, height: int) -> go.Figure:
    """The house style, in place: transparent, small margins, legend above, no zooming; `height` in pixels."""
    return figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "title": None},
        hoverlabel={"font_size": 13},
        dragmode=False,
    )


def error_bars(middle: pd.Series, low: pd.Series, high: pd.Series) -> dict[str, object]:
    """Intervals as plotly wants them: distances from the middle."""
    return {"type": "data", "symmetric": False, "array": high - middle, "arrayminus": middle - low, "thickness": 1.5}
