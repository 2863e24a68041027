"""Charts that several pages use: pure functions from tables to plotly figures."""
