"""Every cache of the app: `resources.data.manifest()`, `resources.models.cards()`, ...

Tables are cached by value; models and mapped faces are shared by all sessions. Keys carry the import's fingerprint and
the newest change in a model's folder, so that a new import or a retrained model shows up at the next rerun. The cache
alone reads them: hence the unused arguments.
"""

from dashboard.resources import data, models, predictions, recognition, stamps, streams

__all__ = ["data", "models", "predictions", "recognition", "stamps", "streams"]
