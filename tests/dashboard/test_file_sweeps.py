"""Files that a download button made: they stay for a while, whatever runs meanwhile, and then they go."""

import time

from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from dashboard import file_sweeps
from dashboard.file_sweeps import SlowSweeps

PATIENCE_S = 60


def wait_until(true) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_made_file_outlives_the_ends_of_script_runs(monkeypatch):
    storage = MemoryMediaFileStorage("/media")
    files = MediaFileManager(storage)
    monkeypatch.setattr(file_sweeps.runtime, "get_instance", lambda: type("App", (), {"media_file_mgr": files}))
    file_sweeps.sweep_slowly()
    swept = files.remove_orphaned_files.__self__
    file_sweeps.sweep_slowly()
    assert files.remove_orphaned_files.__self__ is swept
    url = files.execute_deferred(files.add_deferred(lambda: b"kept", "text/plain", "1.0"))
    for _ in range(10):
        files.remove_orphaned_files()
    assert storage.get_file(url.rpartition("/")[2]).content == b"kept"


def test_it_is_swept_twice_after_the_last_request_and_not_again():
    calls = []
    sweeps = SlowSweeps(lambda: calls.append(time.monotonic()), hold_s=0.05)
    for _ in range(20):
        sweeps.request()
    wait_until(lambda: len(calls) == 2)
    assert calls[1] - calls[0] >= 0.05
    time.sleep(0.2)
    assert len(calls) == 2
    sweeps.request()
    wait_until(lambda: len(calls) == 4)
