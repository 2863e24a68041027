"""One face's own view: what both models say and why, its facts, faces like it, and the marks on it."""

from dashboard.components.face_view.address import close, open_face, opened
from dashboard.components.face_view.marking import csv_button as marks_csv_button
from dashboard.components.face_view.tiles import tiles_html
from dashboard.components.face_view.view import show

__all__ = ["close", "marks_csv_button", "open_face", "opened", "show", "tiles_html"]
