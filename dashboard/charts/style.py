"""The common style of all charts.

Backgrounds are transparent, to suit the light and the dark theme. assets/style.css colours the text.
"""

import pandas as pd
import plotly.graph_objects as go

SERIES_COLORS = ("#2A8C9B", "#C8722D", "#7A6FB0", "#8C8C8C")
"""Colours of the first, second, ... series of a chart, for example models or slices.

Their contrast is at least 3:1 in both themes.
"""

SERIES_SYMBOLS = ("circle", "diamond", "square", "triangle-up")
"""Markers of the first, second, ... series, so that they can be distinguished without colour."""

FAINT = "rgba(128, 128, 128, 0.18)"
"""Colour of bands and lines behind the data, in both themes."""

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
"""plotly's options: no toolbar, and neither the mouse wheel nor double clicks change the axes."""


def style(figure: go.Figure, height: int) -> go.Figure:
    """Apply the common style to a figure in place and return it. `height` is in pixels."""
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
    """Return plotly's options for error bars from `low` to `high`, which plotly needs as distances from the middle."""
    return {"type": "data", "symmetric": False, "array": high - middle, "arrayminus": middle - low, "thickness": 1.5}
