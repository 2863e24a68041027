"""Benchmarks: robustness to corruption, steadiness under small crop changes, crop margin, detection and speed."""
