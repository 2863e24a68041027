"""The library behind the dashboard: data sets, models, metrics and the recognition of expressions.

It never imports streamlit or dashboard.
"""

__version__ = "0.2.0"
