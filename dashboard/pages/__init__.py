"""The pages, one folder each. `page.py` is the page's script; the other modules hold its parts."""
