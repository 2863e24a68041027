"""Show on stderr how far the reading of a film has come: as a bar, or as lines of JSON."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from core.exceptions import shortened
from core.files import json_line
from core.runtime.streams import printable
from core.video.files.progress import FilmProgress
from core.video.times import clock


def json_lines(film: Path) -> Callable[[FilmProgress], None]:
    """Return a function that prints the progress of a film as one line of JSON, for other programs."""
    return lambda progress: print(json_line({"video": str(film), **asdict(progress)}), file=sys.stderr, flush=True)


@contextmanager
def film_bar(film: Path) -> Iterator[Callable[[FilmProgress], None]]:
    """Yield a function that updates a bar for one film. The bar disappears at the end."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[speed]}"))
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task(printable(shortened(film.name)), total=None, speed="")

    def update(progress: FilmProgress) -> None:
        if console.is_terminal:  # a bar in a file would be an empty line
            bar.start()
        bar.update(task, completed=progress.done_s, total=progress.total_s, speed=speed_text(progress))

    try:
        yield update
    finally:
        if console.is_terminal:
            bar.stop()


def speed_text(progress: FilmProgress) -> str:
    """Return the speed of reading and, if known, the time left: `43 frames/s, 2:05 left`."""
    left = "" if progress.left_s is None else f", {clock(progress.left_s, 0)} left"
    return f"{progress.frames_per_s:.0f} frames/s{left}"
