"""The webcam."""
