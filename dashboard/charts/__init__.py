"""Tables in, plotly figures out: pure functions, for charts that several pages use."""
