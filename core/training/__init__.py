"""Recipes of the models, the checks before a training run, the run itself, and descriptions of trained models."""
