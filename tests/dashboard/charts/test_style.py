"""The common style of all charts."""

import pandas as pd

from dashboard.charts import style


def test_error_bars_are_distances_from_the_middle() -> None:
    bars = style.error_bars(pd.Series([0.5]), pd.Series([0.25]), pd.Series([1.0]))
    assert (bars["arrayminus"].item(), bars["array"].item()) == (0.25, 0.5)
