"""The endings of the names of the files that come out of a film."""

PARQUET, CSV, FILM, TIMELINES, MOMENTS = ".parquet", ".csv", ".annotated.mp4", ".png", ".moments.png"
SUMMARY = ".summary.json"
"""The summary is written last. It shows that the other files come from an earlier run."""

ENDINGS = (PARQUET, CSV, FILM, TIMELINES, MOMENTS, SUMMARY)
