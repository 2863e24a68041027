"""Commands that measure models, detectors and speed."""
