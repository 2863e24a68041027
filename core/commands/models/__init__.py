"""Commands that list, train, calibrate, evaluate and export models."""
