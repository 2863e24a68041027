"""Faces of photos."""
