"""Export of models to files that other programs can run."""
