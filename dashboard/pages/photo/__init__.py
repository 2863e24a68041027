"""The Photo & video page."""
