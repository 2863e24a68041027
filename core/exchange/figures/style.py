"""The common style of the figures that pages and the report share."""

import pandas as pd
import plotly.graph_objects as go

from core.exchange.plain_text import escape_html

SERIES_COLORS = ("#2A8C9B", "#C8722D", "#7A6FB0", "#8C8C8C")
"""Colours of the first, second, ... series of a chart, for example models or slices.

Their contrast is at least 3:1 in both themes.
"""

SERIES_SYMBOLS = ("circle", "diamond", "square", "triangle-up")
"""Markers of the first, second, ... series, so that they can be distinguished without colour."""

FAINT = "rgba(128, 128, 128, 0.18)"
"""Colour of bands and lines behind the data, in both themes."""

PERCENT_AXIS = {"tickformat": ".0f", "ticksuffix": " %"}
"""plotly's options for an axis of percentages, 0..100: its numbers read "60 %"."""

FONT = "Arial, Helvetica, sans-serif"
"""The font of saved images. They do not contain the theme's font, and would cut off the text if a wider font took its
place. On screen, assets/styles/charts.css sets the theme's font."""

TITLE_HEIGHT = 30
"""Height of a chart's title, in pixels."""


def style(figure: go.Figure, height: int, title: str = "") -> go.Figure:
    """Apply the common style to a figure in place and return it.

    `height` is that of the figure without its `title`, in pixels. The title is plain text of at most 45 characters,
    so that it fits beside the download button on a phone.
    """
    top = TITLE_HEIGHT if title else 0
    return figure.update_layout(
        title={
            "text": escape_html(title),
            "font": {"size": 15},
            "x": 0, "xref": "container", "xanchor": "left", "pad": {"l": 8, "t": 6},
            "y": 1, "yref": "container", "yanchor": "top",
        },
        height=height + top,
        margin={"l": 8, "r": 8, "t": 40 + top, "b": 8},
        font={"family": FONT},
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "title": None},
        hoverlabel={"font_size": 13, "align": "left", "namelength": -1},
        dragmode=False,
    )  # fmt: skip


def error_bars(middle: pd.Series, low: pd.Series, high: pd.Series) -> dict[str, object]:
    """Return plotly's options for error bars from `low` to `high`, which plotly needs as distances from the middle."""
    return {"type": "data", "symmetric": False, "array": high - middle, "arrayminus": middle - low, "thickness": 1.5}
