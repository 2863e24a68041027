"""Training recipes, the checks before a run, and the run itself."""
