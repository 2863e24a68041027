"""Measurements that take minutes: robustness, steadiness, framing, detection, speeds."""
