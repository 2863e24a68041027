"""The queue of films: order, progress, cancelling, visitors who leave, failures, and what is left on the disk."""

import errno
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.exceptions import InputError
from dashboard.films import child, queue
from dashboard.films.job import FilmJob, FilmRequest
from dashboard.films.queue import FilmQueue
from dashboard.films.run import CRASHED, UNEXPECTED
from tests.dashboard.films.fakes import fake_command, request, write_results

PATIENCE_S = 60.0
"""Tests wait at most this long for a process."""


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def films(clock: Clock, tmp_path: Path) -> Iterator[FilmQueue]:
    """A queue without a thread: the tests call `tick`."""
    made = FilmQueue(fake_command(write_results(tmp_path / "ready")), clock, tick_s=0.0)
    yield made
    made.close()


def tick_until(films: FilmQueue, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        films.tick()
        time.sleep(0.01)


def run_to_end(films: FilmQueue, job: FilmJob) -> FilmJob:
    tick_until(films, lambda: not job.is_unfinished)
    films.tick()
    return job


def process_of(films: FilmQueue) -> int:
    assert films._run is not None
    return films._run.process._process.pid


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_film_is_read_and_nothing_is_left_on_the_disk(films: FilmQueue, disk: Path) -> None:
    job = run_to_end(films, films.submit(request()))
    assert (job.state, job.error) == ("finished", "")
    assert job.result is not None
    assert set(job.result.files) == {
        *(".annotated.mp4", ".csv", ".parquet"),
        *(".summary.json", ".png", ".moments.png"),
    }
    assert job.result.models == ["cnn", "catboost"]
    assert list(disk.iterdir()) == []
    assert not films.tick()


def test_films_are_read_one_at_a_time_in_order_of_arrival(films: FilmQueue) -> None:
    first, second, third = (films.submit(request("slow")) for _ in range(3))
    tick_until(films, lambda: first.progress is not None)
    assert [job.state for job in (first, second, third)] == ["running", "waiting", "waiting"]
    assert [films.films_before(job) for job in (first, second, third)] == [0, 1, 2]
    films.cancel(second)
    assert films.films_before(third) == 1
    films.cancel(first)
    tick_until(films, lambda: third.state == "running")
    assert films.films_before(third) == 0


def test_the_progress_of_the_running_film_is_taken_over(films: FilmQueue) -> None:
    job = films.submit(request("slow"))
    tick_until(films, lambda: job.progress is not None)
    assert job.progress is not None
    assert (job.progress.share, job.progress.frames_per_s, job.progress.left_s) == (0.25, 40.0, 4.5)


def test_a_cancelled_film_ends_its_process_and_its_files_are_deleted(films: FilmQueue, disk: Path) -> None:
    job = films.submit(request("slow"))
    tick_until(films, lambda: job.progress is not None)
    process = process_of(films)
    assert len(list(disk.iterdir())) == 1
    films.cancel(job)
    assert job.state == "cancelled"
    tick_until(films, lambda: films._run is None)
    assert not is_alive(process)
    assert list(disk.iterdir()) == []
    films.cancel(job)  # nothing happens
    assert not films.tick()


def test_a_process_that_does_not_end_when_asked_is_killed_after_five_seconds(
    films: FilmQueue, disk: Path, clock: Clock
) -> None:
    job = films.submit(request("stubborn"))
    tick_until(films, lambda: job.progress is not None)
    process = process_of(films)
    films.cancel(job)
    for _ in range(30):
        films.tick()
        time.sleep(0.01)
    assert is_alive(process) and films._run is not None
    clock.now_s += child.KILL_AFTER_S + 0.1
    tick_until(films, lambda: films._run is None)
    assert not is_alive(process)
    assert list(disk.iterdir()) == []


def test_a_film_ends_if_its_visitor_is_absent_for_longer_than_the_limit(films: FilmQueue, clock: Clock) -> None:
    present = {"a": True, "b": True}
    first = films.submit(request("slow"), lambda: present["a"])
    second = films.submit(request("slow"), lambda: present["b"])
    tick_until(films, lambda: first.state == "running")
    present.update(a=False, b=False)
    films.tick()
    clock.now_s += queue.ABSENT_S - 1
    films.tick()
    present["b"] = True  # the connection was lost for a moment
    films.tick()
    assert first.state == "running"
    clock.now_s += 2
    films.tick()
    assert (first.state, first.error) == ("cancelled", queue.DISCONNECTED)
    present["b"] = False
    clock.now_s += 2
    tick_until(films, lambda: second.state == "running")


def test_a_hidden_tab_that_asks_for_nothing_goes_on(films: FilmQueue, clock: Clock) -> None:
    job = films.submit(request("slow"), lambda: True)
    tick_until(films, lambda: job.state == "running")
    clock.now_s += 1000 * queue.ABSENT_S
    films.tick()
    assert job.state == "running"


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        ("bad", "holiday film.MP4 is not a film."),
        ("crash", CRASHED.format(signal.SIGKILL)),
        ("bug", UNEXPECTED),
        ("nothing", "The film was read, but its results are incomplete. Read the film again."),
    ],
)
def test_a_film_that_cannot_be_read_ends_with_a_sentence(
    films: FilmQueue, disk: Path, caplog: pytest.LogCaptureFixture, behaviour: str, sentence: str
) -> None:
    job = run_to_end(films, films.submit(request(behaviour, "holiday film.MP4")))
    assert (job.state, job.error, job.result) == ("failed", sentence, None)
    assert list(disk.iterdir()) == []
    assert ("a bug" in caplog.text) == (behaviour == "bug")  # the traceback is in the log


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "(No space left on device). Try again later"),
        (InputError("This film is empty."), "This film is empty."),
        (RuntimeError("a bug"), UNEXPECTED),
    ],
)
def test_a_film_that_cannot_be_written_to_the_disk_fails_and_the_next_is_read(
    films: FilmQueue, disk: Path, error: Exception, sentence: str
) -> None:
    def write(path: Path) -> None:
        path.write_text("half")
        raise error

    failing = films.submit(FilmRequest("film.mp4", write, ("cnn",), "yunet"))
    good = films.submit(request())
    run_to_end(films, good)
    assert failing.state == "failed" and sentence in failing.error
    assert good.state == "finished"
    assert list(disk.iterdir()) == []


def test_too_many_waiting_films_are_refused(films: FilmQueue) -> None:
    for _ in range(queue.MAX_WAITING + 1):
        films.submit(request("slow"))
    with pytest.raises(InputError, match=f"{queue.MAX_WAITING} films are waiting already"):
        films.submit(request())


def test_closing_the_queue_ends_everything(films: FilmQueue, disk: Path) -> None:
    jobs = [films.submit(request("stubborn")) for _ in range(2)]
    tick_until(films, lambda: jobs[0].progress is not None)
    process = process_of(films)
    films.close()
    assert [job.state for job in jobs] == ["cancelled", "cancelled"]
    assert not is_alive(process)
    assert list(disk.iterdir()) == []
    assert not films.tick()


def test_the_thread_of_the_queue_reads_films_and_ends_when_there_are_none(tmp_path: Path, disk: Path) -> None:
    films = FilmQueue(fake_command(write_results(tmp_path / "ready")), tick_s=0.01)
    for _ in range(2):  # a new thread begins after the first has ended
        job = films.submit(request())
        deadline = time.monotonic() + PATIENCE_S
        while films._thread is not None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert job.state == "finished"
    assert list(disk.iterdir()) == []
