"""All caches of the app: `resources.data.manifest()`, `resources.models.cards()`, ...

Each session gets its own copy of a cached table. Models and memory-mapped faces are shared by all sessions. Cached
functions take a stamp, which changes with the files on disk: a new import or a retrained model appears at the next
rerun. Only the cache uses the stamp, so these arguments look unused.
"""

from dashboard.resources import data, models, predictions, recognition, stamps, streams

__all__ = ["data", "models", "predictions", "recognition", "stamps", "streams"]
