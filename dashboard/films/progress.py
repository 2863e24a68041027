"""How far the reading of a film has come, from the lines that the command `video --json-progress` writes."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far the reading of a film has come."""

    done_s: float
    """Seconds of the film that have been read."""
    total_s: float | None
    """Seconds of the film that will be read; None if the film does not say how long it is."""
    frames_per_s: float
    left_s: float | None
    """Estimated seconds until the reading ends; None if unknown."""

    @property
    def share(self) -> float | None:
        """The part of the film that has been read, 0..1; None if the length of the film is unknown."""
        return min(max(self.done_s / self.total_s, 0.0), 1.0) if self.total_s else None


def parse(line: str) -> Progress | None:
    """Return the progress that a line states; None if the line is a note in words."""
    try:
        values = json.loads(line)
    except ValueError:
        return None
    if not isinstance(values, dict) or "done_s" not in values:
        return None
    return Progress(values["done_s"], values["total_s"], values["frames_per_s"], values["left_s"])
