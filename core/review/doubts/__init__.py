"""Doubtful labels: images whose label an out-of-sample model finds improbable. No label is changed, only pointed at."""

from core.review.doubts.pairs import doubt_pairs
from core.review.doubts.scores import DOUBTFUL_BELOW, doubt_table
from core.review.doubts.sources import SPLITS, agreement, doubts

__all__ = ["DOUBTFUL_BELOW", "SPLITS", "agreement", "doubt_pairs", "doubt_table", "doubts"]
