"""The section of the Compare page that takes models and predictions of others."""

from dashboard.pages.compare.guests.section import show

__all__ = ["show"]
