"""Widgets and HTML that pages share."""
