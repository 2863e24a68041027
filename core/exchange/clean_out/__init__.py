"""Write a clean list with its images: as a folder, as a zip, or in the form of fer2013.csv. Each has a report."""

from core.exchange.clean_out.cleaned import Cleaned
from core.exchange.clean_out.export import FORMS, Exported, export_clean, write_zip

__all__ = ["FORMS", "Cleaned", "Exported", "export_clean", "write_zip"]
