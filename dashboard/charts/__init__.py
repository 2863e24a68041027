"""Tables in, plotly figures out: pure functions, one module for each page's charts."""
