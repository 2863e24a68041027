"""Verbs about the data set."""
