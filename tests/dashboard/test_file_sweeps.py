"""Sweeps of unused files are delayed, so that download files are kept for a while after the end of a script run."""

import time

from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from dashboard import file_sweeps
from dashboard.file_sweeps import DelayedSweeps

TIMEOUT_S = 60


def wait_until(condition) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_download_file_is_kept_when_script_runs_end(monkeypatch):
    storage = MemoryMediaFileStorage("/media")
    files = MediaFileManager(storage)
    monkeypatch.setattr(file_sweeps.runtime, "get_instance", lambda: type("App", (), {"media_file_mgr": files}))
    file_sweeps.delay_sweeps()
    delayed_sweeps = files.remove_orphaned_files.__self__
    file_sweeps.delay_sweeps()
    assert files.remove_orphaned_files.__self__ is delayed_sweeps, "a second call changes nothing"
    url = files.execute_deferred(files.add_deferred(lambda: b"kept", "text/plain", "1.0"))
    for _ in range(10):
        files.remove_orphaned_files()
    assert storage.get_file(url.rpartition("/")[2]).content == b"kept"


def test_two_sweeps_follow_the_last_request():
    calls = []
    sweeps = DelayedSweeps(lambda: calls.append(time.monotonic()), interval_s=0.05)
    for _ in range(20):
        sweeps.request()
    wait_until(lambda: len(calls) == 2)
    assert calls[1] - calls[0] >= 0.05
    time.sleep(0.2)
    assert len(calls) == 2
    sweeps.request()
    wait_until(lambda: len(calls) == 4)
