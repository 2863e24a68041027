"""Types of the callbacks that report progress."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called as `on_progress(done, total)`."""

StageProgress = Callable[[str, int, int], None]
"""Called as `on_progress(stage, done, total)`."""

FitProgress = Callable[[int, int, dict[str, float]], None]
"""Called as `on_progress(done, total, figures)` after each epoch or iteration of a fit."""


def no_progress(*_: object) -> None:
    """Ignore progress; can be used as any of the callbacks above."""
