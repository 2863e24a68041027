"""Read the expressions in video files: tables, summaries, annotated films and timelines. Only this package imports av."""
