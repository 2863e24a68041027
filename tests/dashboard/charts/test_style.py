"""The common style of all charts."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import style


def test_error_bars_are_distances_from_the_middle() -> None:
    bars = style.error_bars(pd.Series([0.5]), pd.Series([0.25]), pd.Series([1.0]))
    assert (bars["arrayminus"].item(), bars["array"].item()) == (0.25, 0.5)


def test_charts_leave_their_background_to_the_theme_so_that_saved_images_are_readable() -> None:
    layout = style.style(go.Figure(), 300, "A title").layout
    assert layout.paper_bgcolor is None and layout.plot_bgcolor is None


def test_percentages_have_a_space_before_the_sign() -> None:
    assert style.PERCENT_AXIS["ticksuffix"] == " %"


def test_a_title_makes_the_figure_higher_and_names_its_file() -> None:
    figure = style.style(go.Figure(), 300, "Accuracy by <slice>")
    assert figure.layout.height == 300 + style.TITLE_HEIGHT
    assert figure.layout.title.text == "Accuracy by &lt;slice&gt;"
    assert style.config(figure, "svg")["toImageButtonOptions"]["format"] == "svg"


def test_the_legend_of_many_models_is_below_the_chart_because_its_rows_would_cover_the_title_on_a_phone() -> None:
    few, many = (style.legend_of_models(style.style(go.Figure(), 300, "Title"), count) for count in (3, 4))
    assert (few.layout.legend.y, few.layout.legend.yanchor) == (1.02, "bottom")
    assert many.layout.legend.y < 0 and many.layout.legend.yanchor == "top"


def test_a_figure_without_a_title_has_a_file_name_too() -> None:
    assert style.file_stem(style.style(go.Figure(), 300)) == "chart"
    assert style.file_stem(style.style(go.Figure(), 300, "A: cnn, all 7,178")) == "a-cnn-all-7-178"
