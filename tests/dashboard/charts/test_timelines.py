"""The clickable timeline of one face: areas, gaps, band, hover texts and clicks."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from core.emotions import EMOTIONS
from dashboard.charts import timelines
from tests.fixtures.film_tables import film_table, random_film, steady


def areas_of(figure: go.Figure) -> list[go.Scatter]:
    return [trace for trace in figure.data if trace.type == "scatter" and trace.stackgroup]


def markers_of(figure: go.Figure) -> list[go.Scatter]:
    return [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "markers"]


def band_of(figure: go.Figure) -> list[go.Bar]:
    return [trace for trace in figure.data if trace.type == "bar"]


def test_areas_are_stacked_to_100_percent_where_the_face_was_seen_and_to_zero_elsewhere() -> None:
    table = film_table(*steady(1, 3), *steady(5, 7))
    figure = timelines.face_timeline(table, 1, "cnn", (0, 10))
    areas = areas_of(figure)
    assert [area.name for area in areas] == list(EMOTIONS)
    heights = np.sum([area.y for area in areas], axis=0)
    x = np.asarray(areas[0].x)
    assert np.allclose(heights[(x > 1.01) & (x < 2.99)], 100) and np.allclose(heights[(x > 5.01) & (x < 6.99)], 100)
    assert heights[[0, -1]].tolist() == [0, 0] and not ((x > 3.2) & (x < 4.9)).any()
    assert (heights == 0).sum() == 4  # both sides of both parts
    assert (np.diff(x) > 0).all()


def test_the_band_has_one_part_per_run_of_a_label_and_hatches_uncertain_ones() -> None:
    rows = [*steady(0, 3.9), *steady(4, 5.9, label="sad"), *steady(6, 7.9, label="sad", certain=False)]
    figure = timelines.face_timeline(film_table(*rows), 1, "cnn", (0, 10))
    parts = dict(zip(EMOTIONS, band_of(figure), strict=False))
    assert parts["happy"].base[0] == 0 and parts["happy"].x[0] == pytest.approx(4)
    assert parts["sad"].base == pytest.approx([4, 6]) and parts["sad"].x == pytest.approx([2, 2])
    assert list(parts["sad"].marker.pattern.shape) == ["", "/"]
    assert list(band_of(figure)[-1].text) == ["happy", "sad", "sad"]


def test_the_legend_is_below_the_chart_because_its_rows_would_cover_the_title_on_a_phone() -> None:
    table = film_table(*steady(0, 3))
    for figure in (timelines.face_timeline(table, 1, "cnn"), timelines.faces_timeline(table, [1], "cnn")):
        legend = figure.layout.legend
        assert (legend.y, legend.yref, legend.yanchor) == (0, "container", "bottom")


def test_long_films_are_thinned() -> None:
    figure = timelines.face_timeline(film_table(*steady(0, 900)), 1, "cnn")
    assert all(len(trace.x) <= timelines.BINS + 4 for trace in [*areas_of(figure), *markers_of(figure)])
    assert len(markers_of(figure)[0].x) > timelines.BINS / 2


def test_each_point_that_can_be_clicked_is_the_time_of_a_reading() -> None:
    table = film_table(*steady(1, 3, certain=False), *steady(5, 7))
    for markers in markers_of(timelines.face_timeline(table, 1, "cnn", (0, 10))):
        assert set(markers.x) <= set(table["time_s"])
        assert list(markers.customdata[0]) == ["0:01.0", "uncertain (happy 70 %)"]
        assert list(markers.customdata[-1]) == ["0:07.0", "happy 70 %"]


def test_only_the_face_and_the_model_that_are_asked_for_are_drawn() -> None:
    table = random_film()
    own = table[(table["face"] == 2) & (table["model"] == "trees")]
    markers = markers_of(timelines.face_timeline(table, 2, "trees"))[0]
    assert set(markers.x) == set(own["time_s"])


def test_the_time_axis_has_the_length_of_the_film_and_ticks_in_words() -> None:
    axis = timelines.face_timeline(film_table(*steady(1, 3)), 1, "cnn", (0, 100)).layout.xaxis
    assert tuple(axis.range) == (0, 100) and axis.title.text == "time in min:s"
    assert axis.ticktext[:3] == ("0:00", "0:10", "0:20")


@pytest.mark.parametrize("table", [random_film().iloc[:0], film_table(*steady(0, 1, face=2))])
def test_a_face_without_readings_has_an_empty_chart(table: pd.DataFrame) -> None:
    assert timelines.face_timeline(table, 1, "cnn").data == ()


def test_a_single_reading_can_be_drawn() -> None:
    figure = timelines.face_timeline(film_table((2.0, 1, "sad", True)), 1, "cnn")
    assert list(markers_of(figure)[0].x) == [2.0]


def test_all_faces_have_a_row_with_their_labels() -> None:
    table = film_table(*steady(0, 2, face=1, label="happy"), *steady(3, 5, face=2, label="sad"))
    figure = timelines.faces_timeline(table, [1, 2], "cnn", (0.0, 6.0))
    bars = {bar.name: bar for bar in band_of(figure)}
    assert list(bars) == list(EMOTIONS)
    assert list(bars["happy"].y) == ["Face 1"] and list(bars["sad"].y) == ["Face 2"]
    assert bars["sad"].base[0] == pytest.approx(3, abs=0.02) and bars["sad"].x[0] == pytest.approx(2.1, abs=0.05)
    assert len(bars["angry"].y) == 0
