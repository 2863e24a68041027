"""Read the expressions in video files. Only this package imports av."""
