"""Work in threads: progress, result, errors and stops, and that there is one job of a kind at a time."""

import threading
import time

import pytest

from core.exceptions import InputError
from dashboard.jobs import Job, LatestJob


class Steps:
    """Work of three steps, each of which waits until it may begin."""

    def __init__(self, result: str = "done") -> None:
        self.result, self.go_on = result, threading.Semaphore(0)
        self.finished = 0

    def __call__(self, job: Job[str]) -> str:
        for step in range(1, 4):
            assert self.go_on.acquire(timeout=60)
            self.finished = step
            job.report(step, 3)
        return self.result


def fail(_: object) -> str:
    raise InputError("the work has failed.")


def test_a_job_has_its_progress_and_then_its_result():
    steps = Steps()
    job = Job("work", steps)
    assert job.is_running and (job.done, job.total, job.result) == (0, 0, None)
    steps.go_on.release(3)
    assert job.wait_for_result() == "done"
    assert not job.is_running and (job.done, job.total, job.error) == (3, 3, None)


def test_a_stopped_job_ends_after_its_step_without_an_error():
    steps = Steps()
    job = Job("work", steps)
    job.stop()
    assert not job.is_running
    steps.go_on.release(3)
    job.wait()
    assert steps.finished == 1 and (job.done, job.result, job.error) == (0, None, None)
    with pytest.raises(RuntimeError, match="without a result"):
        job.wait_for_result()


def test_an_error_is_kept_and_raised_where_the_result_is_awaited():
    job = Job("work", fail)
    with pytest.raises(InputError, match="has failed"):
        job.wait_for_result()
    assert str(job.error) == "the work has failed." and not job.is_running


def test_a_key_has_one_job_until_it_fails_or_is_stopped():
    latest: LatestJob[str] = LatestJob("work")
    assert latest.find("a") is None
    steps = Steps()
    job = latest.find_or_start("a", steps)
    assert latest.find_or_start("a", fail) is job and latest.find("a") is job and latest.find("b") is None
    steps.go_on.release(3)
    job.wait()
    assert latest.find_or_start("a", fail) is job  # the result stays
    failed = latest.find_or_start("b", fail)
    failed.wait()
    assert latest.find("b") is failed and latest.find("a") is None
    assert latest.find_or_start("b", lambda _: "done").wait_for_result() == "done"


def test_another_key_stops_the_job_and_waits_for_its_step():
    latest: LatestJob[str] = LatestJob("work")
    first, second = Steps(), Steps("second")
    job = latest.find_or_start("a", first)
    starter = threading.Thread(target=latest.find_or_start, args=("b", second))
    starter.start()
    while job.is_running:  # until it is told to stop
        time.sleep(0.01)
    assert latest.find("a") is job  # sessions that look need not wait
    first.go_on.release(3)
    starter.join(60)
    assert first.finished == 1 and job.result is None
    second.go_on.release(3)
    assert latest.find("b").wait_for_result() == "second"
