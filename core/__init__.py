"""The library behind the dashboard: data set, models, metrics, recognition. Never imports streamlit or dashboard."""

__version__ = "0.2.0"
