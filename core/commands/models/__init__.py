"""Commands that list, train, calibrate, evaluate, export and download models."""
