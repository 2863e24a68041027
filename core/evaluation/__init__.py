"""Predictions -> figures: metrics, slices, intervals, calibration, comparisons, errors."""
