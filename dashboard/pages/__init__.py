"""The pages, a folder each: `page.py` reads top to bottom, its parts stand beside it."""
