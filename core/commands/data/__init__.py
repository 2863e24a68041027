"""Verbs for the data set."""
