"""Recipes, what a run is refused for, and the run itself."""
