"""Clean lists of the data set in use, and the zips that visitors have prepared from them."""

from dashboard.resources.cleaning.lists import counts, facts, listed
from dashboard.resources.cleaning.zips import ZipJob, find, prepare

__all__ = ["ZipJob", "counts", "facts", "find", "listed", "prepare"]
