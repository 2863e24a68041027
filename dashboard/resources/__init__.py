"""All caches of the app: `resources.data.manifest()`, `resources.models.cards()`, ...

Each call returns its own copy of a cached table. Models and memory-mapped faces are shared by all sessions. Cached
functions that depend on files take a stamp, a cache key that changes with the files: a new import or a retrained model
appears at the next rerun. Only the cache uses the stamp, so this argument looks unused.
"""

from dashboard.resources import data, films, models, predictions, recognition, stamps, streams

__all__ = ["data", "films", "models", "predictions", "recognition", "stamps", "streams"]
