"""A visitor's film: what to read, and what has become of it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from core.video.files.progress import FilmProgress
from dashboard.films.results import FilmResult

State = Literal["waiting", "running", "finished", "failed", "cancelled"]


@dataclass(frozen=True)
class FilmRequest:
    """What to read, and how."""

    name: str
    """Name of the film's file, as the visitor knows it."""
    write: Callable[[Path], object]
    """Write the film to a path. It may raise OSError and InputError."""
    models: tuple[str, ...]
    """Names of the models. The labels of the first are drawn on the film."""
    detector: str
    end_s: float | None = None
    """Seconds of the film that are read; None reads all of it."""


@dataclass(eq=False)  # two visitors may ask for the same film
class FilmJob:
    """A film in the queue, or one that has left it. The queue's thread changes it, and pages read it."""

    request: FilmRequest
    is_present: Callable[[], bool]
    """Return whether the visitor's browser is connected."""
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    """Part of the keys of the widgets that show the results."""
    state: State = "waiting"
    progress: FilmProgress | None = None
    result: FilmResult | None = None
    """The results of a finished film."""
    error: str = ""
    """Why the film could not be read, as a sentence. It is empty if the visitor has cancelled it."""

    @property
    def is_unfinished(self) -> bool:
        """Whether the film waits or is being read."""
        return self.state in ("waiting", "running")
