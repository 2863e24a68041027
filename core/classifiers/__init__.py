"""Face classifiers: the model families and their registry, loading, calibration, sharing between threads, timing."""
