"""Verbs that run benchmarks."""
