"""Evaluation of predictions: metrics, slices, intervals, calibration, comparisons, ensembles and errors."""
