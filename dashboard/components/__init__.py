"""Widgets and HTML that several pages use."""
