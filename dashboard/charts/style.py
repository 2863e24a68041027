"""The common style of all charts.

Streamlit gives charts the background of the light or the dark theme. A saved image has it too, so that its text, which
is light in the dark theme, is readable on any page. assets/styles/charts.css colours the text on screen.
"""

import re
from typing import Any

import plotly.graph_objects as go

from core.exchange.figures.style import (
    FAINT,
    FONT,
    PERCENT_AXIS,
    SERIES_COLORS,
    SERIES_SYMBOLS,
    TITLE_HEIGHT,
    error_bars,
    style,
)

__all__ = [
    "FAINT",
    "FONT",
    "PERCENT_AXIS",
    "SERIES_COLORS",
    "SERIES_SYMBOLS",
    "TITLE_HEIGHT",
    "config",
    "error_bars",
    "file_stem",
    "legend_below",
    "legend_of_models",
    "style",
]


def legend_below(figure: go.Figure) -> go.Figure:
    """Move the legend of a figure that has the common `style` and a title to its lower edge. Return the figure.

    On a phone, the legend of the seven emotions has three or four rows, which would cover the title.
    """
    legend = {"y": 0, "yref": "container", "yanchor": "bottom", "font": {"size": 11}}
    return figure.update_layout(legend=legend, margin={"t": 44, "b": 104})


def legend_of_models(figure: go.Figure, models: int) -> go.Figure:
    """Move the legend of a figure with this number of models below it if there are many. Return the figure.

    On a phone, the legend of more than three models has several rows, which would cover the title.
    """
    if models <= 3:
        return figure
    height = figure.layout.height + 40
    return figure.update_layout(legend={"y": -0.25, "yanchor": "top"}, margin_t=44, height=height)


def config(figure: go.Figure, image_format: str) -> dict[str, Any]:
    """Return plotly's options for a figure: one button, which saves it as an image, "svg" or "png".

    The file has the name of the figure's title. Neither the mouse wheel nor double clicks change the axes.
    """
    return {
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": image_format, "filename": file_stem(figure), "scale": 2},
        "scrollZoom": False,
        "doubleClick": False,
    }


def file_stem(figure: go.Figure) -> str:
    """Return the name for the image of a figure, made from its title: 'Accuracy by slice' -> 'accuracy-by-slice'."""
    words = re.sub(r"[^a-z0-9]+", "-", (figure.layout.title.text or "").lower()).strip("-")
    return words or "chart"
