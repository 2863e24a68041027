"""Evaluation of predictions: metrics, slices, intervals, calibration, comparisons, errors."""
