"""Face detection and tracking in video, and the records of a webcam session."""
