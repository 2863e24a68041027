"""Doubtful labels: images whose label is improbable for a model that was not trained on them. No label is changed."""

from core.review.doubts.pairs import doubt_pairs
from core.review.doubts.scores import DOUBTFUL_BELOW, doubt_table
from core.review.doubts.sources import SPLITS, agreement, doubts

__all__ = ["DOUBTFUL_BELOW", "SPLITS", "agreement", "doubt_pairs", "doubt_table", "doubts"]
