"""A progress bar on the terminal, for the verbs that take longer than a second."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from core.callbacks import FitProgress, StageProgress


@contextmanager
def progress_bar() -> Iterator[StageProgress]:
    """Yields `on_progress(stage, done, total)`, one line a stage, on stderr: stdout belongs to the result."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks = {}

        def on_progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield on_progress


@contextmanager
def training_bar(title: str, shown: bool = True) -> Iterator[FitProgress]:
    """Yields `on_progress(done, total, figures)` of a fit; a line each time where there is no terminal."""
    console = Console(stderr=True, quiet=not shown)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, TimeRemainingColumn(), TextColumn("{task.fields[figures]}"), console=console) as progress:
        task = progress.add_task(title, total=None, figures="")

        def on_progress(done: int, total: int, figures: dict[str, float]) -> None:
            text = "  ".join(f"{name} {value:.4g}" for name, value in figures.items() if name != "step")
            progress.update(task, completed=done, total=total, figures=text)
            if not console.is_terminal:
                console.print(f"{done}/{total}  {text}", soft_wrap=True)

        yield on_progress
