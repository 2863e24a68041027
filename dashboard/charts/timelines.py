"""Timelines of a film: the labels of all faces, and the probabilities of one face as stacked areas."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.colors import COLORS, rgb
from core.emotions import EMOTIONS
from core.video.files.results.time_bins import Lane, Run, TimeBins
from core.video.times import clock, ticks
from dashboard.charts import style

BINS = 600
"""Maximum number of points in time. More would slow down the page."""

PATTERNS = dict(zip(EMOTIONS, ("", "/", ".", "", "-", "x", "|"), strict=True))
"""Emotion -> fill pattern of its area, so that areas differ not only in colour."""

PALE = 0.45
"""Opacity of the band where the label is uncertain."""

BAND, NAMES = (0.0, 1.0), (-1.5, 0.0)
"""Lower and upper edges of the band and of the names under it, on an axis of their own."""

NAMED_SHARE = 0.015
"""Parts of the band that are a smaller share of the chart's width have no name. It would not fit at any width."""

CLICK = "click to go there in the film"


def face_timeline(table: pd.DataFrame, face: int, model: str, span_s: tuple[float, float] | None = None) -> go.Figure:
    """Draw the readings of one face by one model over time, from a film's table. The chart can be clicked.

    `span_s` is the start and the end of the time axis in seconds; by default, the first and last time of the table.
    Where the face was absent, the chart is empty.
    """
    bins = _bins(table, span_s)
    bins.add(table[(table["face"] == face) & (table["model"] == model)])
    lane = bins.lane(face, model)
    figure = go.Figure()
    if lane is not None:
        points = area_points(lane, bins)
        figure.add_traces([_area(points, emotion) for emotion in EMOTIONS])
        figure.add_traces([_bars(lane, bins, emotion) for emotion in EMOTIONS])
        figure.add_traces(
            [_names(lane, bins), _click_targets(lane, "y", 50), _click_targets(lane, "y2", sum(BAND) / 2)]
        )
    _show_time(figure, bins)
    figure.update_layout(
        yaxis={"domain": [0.26, 1], "range": [0, 100], "title": "probability", **style.PERCENT_AXIS},
        yaxis2={"domain": [0, 0.23], "range": [NAMES[0], BAND[1]], "visible": False, "anchor": "x"},
        xaxis={"anchor": "y2", "showgrid": False, "zeroline": False},
    )
    style.legend_below(style.style(figure, 350, f"Face {face}: probabilities over time"))
    figure.update_layout(barmode="overlay", hovermode="closest", legend_traceorder="normal")
    # Any place can be clicked: the nearest reading counts. Names that do not fit are left out.
    return figure.update_layout(hoverdistance=-1, uniformtext={"minsize": 11, "mode": "hide"})


def faces_timeline(
    table: pd.DataFrame, faces: Sequence[int], model: str, span_s: tuple[float, float] | None = None
) -> go.Figure:
    """Draw one row per face: when it was in view, and its labels by one model.

    `span_s` is the start and the end of the time axis in seconds; by default, the first and last time of the table.
    """
    bins = _bins(table, span_s)
    bins.add(table[table["face"].isin(faces) & (table["model"] == model)])
    lanes = {f"Face {face}": lane for face in faces if (lane := bins.lane(face, model))}
    figure = go.Figure([_rows(lanes, bins, emotion) for emotion in EMOTIONS])
    figure.add_traces([_legend_entry(emotion) for emotion in EMOTIONS])
    _show_time(figure, bins).update_xaxes(zeroline=False)
    figure.update_yaxes(autorange="reversed", type="category", categoryarray=list(lanes), showgrid=False)
    style.legend_below(style.style(figure, 170 + 30 * len(lanes), "Labels of all faces over time"))
    return figure.update_layout(barmode="overlay", hovermode="closest")


def _bins(table: pd.DataFrame, span_s: tuple[float, float] | None) -> TimeBins:
    start_s, end_s = span_s or ((table["time_s"].min(), table["time_s"].max()) if len(table) else (0.0, 0.0))
    return TimeBins(float(start_s), float(end_s), BINS)


def _show_time(figure: go.Figure, bins: TimeBins) -> go.Figure:
    axis = ticks(bins.start_s, bins.end_s)
    return figure.update_xaxes(
        title=f"time in {axis.unit}", tickvals=axis.times_s, ticktext=axis.texts, range=[bins.start_s, bins.end_s]
    )


def _rows(lanes: Mapping[str, Lane], bins: TimeBins, emotion: str) -> go.Bar:
    """Return the parts of all rows in which this emotion is the label."""
    runs = [(name, run) for name, lane in lanes.items() for run in lane.runs() if run.label == emotion]
    starts_s = [bins.start_s + run.start * bins.bin_s for _, run in runs]
    texts = [
        f"{emotion if run.is_certain else f'uncertain ({emotion})'}<br>from {clock(start_s)}"
        for (_, run), start_s in zip(runs, starts_s, strict=True)
    ]
    return go.Bar(
        name=emotion,
        base=starts_s,
        x=[(run.end - run.start) * bins.bin_s for _, run in runs],
        y=[name for name, _ in runs],
        width=0.7,
        orientation="h",
        marker={**_look([run for _, run in runs], emotion), "line": {"width": 0}},
        text=texts,
        textposition="none",
        hovertemplate=f"%{{y}}: %{{text}}<br>{CLICK}<extra></extra>",
        showlegend=False,
    )


def _legend_entry(emotion: str) -> go.Scatter:
    """Return a trace without points. The legend would show the bars in the colour of the first, which may be pale."""
    marker = {"symbol": "square", "size": 12, "color": COLORS[emotion]}
    return go.Scatter(name=emotion, x=[None], y=[None], mode="markers", marker=marker)


def _look(runs: Sequence[Run], emotion: str) -> dict[str, object]:
    """Return plotly's options for the colour of parts of a band: pale and hatched where the label is uncertain."""
    color = "rgba({}, {}, {}, {})"
    return {
        "color": [color.format(*rgb(COLORS[emotion]), 1 if run.is_certain else PALE) for run in runs],
        "pattern": {"shape": ["" if run.is_certain else "/" for run in runs], "size": 5, "solidity": 0.4},
    }


def area_points(lane: Lane, bins: TimeBins) -> pd.DataFrame:
    """Return the corners of the areas: a column `time_s`, and one per emotion with its probability.

    Each time at which the face was seen begins and ends with a row of zeros.
    """
    edge_s = bins.bin_s / 1000  # width of the areas' sides, because plotly cannot stack two values of the same time
    present = lane.labels >= 0
    starts = np.flatnonzero(present & ~np.append(False, present[:-1]))
    ends = np.flatnonzero(present & ~np.append(present[1:], False))
    rows = []
    for start, end in zip(starts, ends, strict=True):
        shown = np.arange(start, end + 1)
        shown = shown[np.diff(lane.read_s[shown], prepend=-np.inf) > 0]
        times_s, values = lane.read_s[shown], lane.probabilities[shown]
        end_s = max(times_s[-1] + edge_s, bins.start_s + (end + 1) * bins.bin_s - edge_s)
        zeros = np.zeros((1, len(EMOTIONS)))
        all_times_s = np.concatenate(([times_s[0] - edge_s], times_s, [end_s, end_s + edge_s]))
        rows.append(np.column_stack((all_times_s, np.concatenate((zeros, values, values[-1:], zeros)))))
    return pd.DataFrame(np.concatenate(rows), columns=["time_s", *EMOTIONS])


def _area(points: pd.DataFrame, emotion: str) -> go.Scatter:
    return go.Scatter(
        name=emotion,
        x=points["time_s"],
        y=100 * points[emotion],
        mode="lines",
        line={"width": 0, "color": COLORS[emotion]},
        stackgroup="probabilities",
        fillcolor=COLORS[emotion],
        fillpattern={
            "shape": PATTERNS[emotion],
            "fillmode": "overlay",
            "fgcolor": "white",
            "fgopacity": 0.35,
            "size": 6,
        },
        hoverinfo="skip",
    )


def _bars(lane: Lane, bins: TimeBins, emotion: str) -> go.Bar:
    """Return the parts of the band in which this emotion is the label."""
    runs = [run for run in lane.runs() if run.label == emotion]
    return _on_band(runs, bins, BAND).update(marker=_look(runs, emotion))


def _names(lane: Lane, bins: TimeBins) -> go.Bar:
    """Return the names under the band. They are texts of invisible bars, so that plotly hides those that do not fit.

    They do not stand on the band, because text in the theme's colour is not readable on all colours.
    """
    runs = [run for run in lane.runs() if run.end - run.start >= NAMED_SHARE * bins.bins]
    return _on_band(runs, bins, NAMES).update(
        marker={"color": "rgba(0, 0, 0, 0)"},
        text=[run.label for run in runs],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
    )


def _on_band(runs: Sequence[Run], bins: TimeBins, edges: tuple[float, float]) -> go.Bar:
    return go.Bar(
        base=[bins.start_s + run.start * bins.bin_s for run in runs],
        x=[(run.end - run.start) * bins.bin_s for run in runs],
        y=[sum(edges) / 2] * len(runs),
        width=edges[1] - edges[0],
        orientation="h",
        yaxis="y2",
        marker={"line": {"width": 0}},
        unselected={"marker": {"opacity": 1}, "textfont": {"color": "black"}},  # opaque; the theme sets the colour
        hoverinfo="skip",
        showlegend=False,
    )


def _click_targets(lane: Lane, axis: str, y: float) -> go.Scatter:
    # plotly reports clicks on markers, but not on areas and bars.
    shown = np.flatnonzero(np.diff(np.nan_to_num(lane.read_s, nan=-1.0), prepend=-1.0) > 0)
    confidences = lane.probabilities[shown, lane.labels[shown]]
    labels = [
        f"{EMOTIONS[label]} {100 * share:.0f} %" for label, share in zip(lane.labels[shown], confidences, strict=True)
    ]
    texts = np.where(lane.is_certain[shown], labels, [f"uncertain ({label})" for label in labels])
    return go.Scatter(
        x=lane.read_s[shown],
        y=np.full(len(shown), y),
        yaxis=axis,
        customdata=np.column_stack((list(map(clock, lane.read_s[shown])), texts)),
        mode="markers",
        marker={"size": 10, "color": "rgba(0, 0, 0, 0)"},
        showlegend=False,
        hovertemplate=f"%{{customdata[1]}}<br>at %{{customdata[0]}}<br>{CLICK}<extra></extra>",
    )
