"""Near copies: test images that are almost the same as a Training image, which may be shifted, mirrored or brightened.

docs/near-copies.md says how they are defined and counted.
"""

from core.data.near_copies.pairs import NEAR, SAME_PICTURE, near_ids
from core.data.near_copies.store import Found, forget, load_pairs, pair_files, search_pairs

__all__ = ["NEAR", "SAME_PICTURE", "Found", "forget", "load_pairs", "near_ids", "pair_files", "search_pairs"]
