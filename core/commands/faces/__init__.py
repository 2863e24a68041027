"""Verbs that read faces."""
