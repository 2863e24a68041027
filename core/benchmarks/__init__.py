"""Slow measurements: robustness, steadiness, framing, detection and speed."""
