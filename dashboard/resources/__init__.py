"""All caches of the app: `resources.data.manifest()`, `resources.models.cards()`, ...

Models, faces and most tables are shared by all sessions, so callers must not change them. Cached
functions that depend on files take a stamp, a cache key that changes with the files: a new import or a retrained model
appears at the next rerun. Only the cache uses the stamp, so this argument looks unused.
"""

from dashboard.resources import (
    attributions,
    comparisons,
    data,
    doubts,
    films,
    guests,
    models,
    near_copies,
    neighbours,
    predictions,
    recognition,
    review,
    stamps,
    streams,
)

__all__ = [
    "attributions",
    "comparisons",
    "data",
    "doubts",
    "films",
    "guests",
    "models",
    "near_copies",
    "neighbours",
    "predictions",
    "recognition",
    "review",
    "stamps",
    "streams",
]
