"""Verbs that list, train, judge and export models."""
