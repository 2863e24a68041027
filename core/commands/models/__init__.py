"""Verbs that list, train, evaluate and export models."""
