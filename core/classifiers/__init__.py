"""Classifiers of faces: the families, their registry, loading, calibration and sharing between threads."""
