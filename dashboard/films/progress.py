"""How far the reading of a film has come, from the lines that the command `video --json-progress` writes."""

import json
from dataclasses import fields

from core.video.files.progress import FilmProgress


def parse(line: str) -> FilmProgress | None:
    """Return the progress that a line states; None if the line is a note in words."""
    try:
        values = json.loads(line)
        return FilmProgress(**{field.name: values[field.name] for field in fields(FilmProgress)})
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
