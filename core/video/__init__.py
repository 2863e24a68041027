"""Frames of one stream -> steady readings, and what is kept of a webcam session."""
