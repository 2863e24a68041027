"""Figures that pages and the report share, drawn with plotly or written as HTML tables, and their findings in words.

plotly takes long to import, so only `dashboard.charts`, pages and `core.exchange.report` import these modules.
"""
