"""Types of the callbacks that report progress."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called as `on_progress(done, total)`, with the number of finished steps and of all steps."""

StageProgress = Callable[[str, int, int], None]
"""Called as `on_progress(stage, done, total)`; `stage` is the text shown beside the progress bar."""

FitProgress = Callable[[int, int, dict[str, float]], None]
"""Called as `on_progress(done, total, metrics)` after each epoch or iteration of a fit."""


def no_progress(*_: object) -> None:
    """Do nothing. Can be passed as any of the callbacks above."""
