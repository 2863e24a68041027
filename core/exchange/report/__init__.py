"""The report on two models: one HTML file that needs neither scripts nor a network, on screen and on paper."""
