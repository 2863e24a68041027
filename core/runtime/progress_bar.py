"""Progress bars on the terminal, for commands that take longer than a second."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from core.callbacks import FitProgress, StageProgress
from core.runtime.streams import printable


@contextmanager
def progress_bar() -> Iterator[StageProgress]:
    """Yield `on_progress(stage, done, total)`; it shows one bar per stage on stderr, because stdout is for results."""
    columns = TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks = {}

        def on_progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(printable(stage), total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield on_progress


@contextmanager
def training_bar(title: str, shown: bool = True) -> Iterator[FitProgress]:
    """Yield `on_progress(done, total, metrics)`; it updates a bar or, if stderr is not a terminal, prints a line."""
    console = Console(stderr=True, quiet=not shown, markup=False)
    columns = TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    metrics_column = TextColumn("{task.fields[metrics]}", markup=False)
    with Progress(*columns, TimeRemainingColumn(), metrics_column, console=console) as progress:
        task = progress.add_task(printable(title), total=None, metrics="")

        def on_progress(done: int, total: int, metrics: dict[str, float]) -> None:
            text = "  ".join(f"{name} {value:.4g}" for name, value in metrics.items() if name != "step")
            progress.update(task, completed=done, total=total, metrics=text)
            if not console.is_terminal:
                console.print(f"{done}/{total}  {text}", soft_wrap=True)

        yield on_progress
