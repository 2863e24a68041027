"""The process that reads a film, and the command that it runs."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core import paths
from core.video.files.progress import FilmProgress
from dashboard.films import reader
from dashboard.films.child import NICENESS, FilmProcess
from dashboard.films.job import FilmRequest
from dashboard.films.progress import parse
from dashboard.films.run import disk_name, video_command
from tests.dashboard.films.fakes import request


def test_the_command_names_the_film_the_folder_the_models_and_the_end() -> None:
    with_end = FilmRequest("x.mp4", lambda path: None, ("cnn", "a b"), "yunet", 90.0)
    command = video_command(Path("/t/x.mp4"), Path("/t/results"), with_end)
    assert command[:4] == [sys.executable, "-m", "dashboard.films.reader", "/t/x.mp4"]
    assert command[4:] == [
        *("--out", "/t/results", "--model", "cnn", "--model", "a b", "--detector", "yunet", "--end", "90"),
        *("--json", "--json-progress"),
    ]
    assert "--end" not in video_command(Path("/t/x.mp4"), Path("/t/results"), request())


READ_FOR_A_MINUTE = """
import sys, time
from dashboard.films import reader
reader.run_command = lambda arguments: print(arguments, flush=True) or time.sleep(60)
sys.exit(reader.main(["film.mp4", "--json"]))
"""


def test_the_process_ends_when_its_server_has_ended() -> None:
    command = [sys.executable, "-c", READ_FOR_A_MINUTE]
    with subprocess.Popen(command, cwd=paths.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline().strip() == "['video', 'film.mp4', '--json']"
        assert process.poll() is None
        process.stdin.close()
        assert process.wait(timeout=30) == reader.SERVER_ENDED


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="this system has no priorities")
def test_the_process_has_a_lower_priority_and_its_own_group(tmp_path: Path) -> None:
    waiting = [sys.executable, "-c", "input()" if sys.platform == "win32" else "import time; time.sleep(60)"]
    process = FilmProcess(waiting, tmp_path / "output", time.monotonic)
    pid = process._process.pid
    try:
        assert os.getpriority(os.PRIO_PROCESS, pid) >= min(19, os.getpriority(os.PRIO_PROCESS, 0) + 1)
        assert os.getpriority(os.PRIO_PROCESS, pid) >= NICENESS
        assert os.getpgid(pid) == pid != os.getpgid(0)
    finally:
        process.kill()
    assert process.exit_code() is not None


def test_endless_lines_and_bytes_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    code = "import os; os.write(2, b'\\xff' * 300_000 + b'\\n' + b'the end\\n')"
    process = FilmProcess([sys.executable, "-c", code], tmp_path / "output", time.monotonic)
    process._process.wait(timeout=60)
    assert process.exit_code() == 0
    assert process.notes().endswith("the end")
    assert process.progress is None


def test_lines_that_are_no_progress_are_notes() -> None:
    assert parse('{"video": "x", "done_s": 1.0, "total_s": null, "frames_per_s": 9.5, "left_s": null}') == FilmProgress(
        1.0, None, 9.5, None
    )
    for line in ("", "a note", "[1, 2]", "3", "null", '{"video": "x"}', "{", "[" * 10_000):
        assert parse(line) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("holiday 2024.MP4", "holiday_2024.mp4"),
        ("../../etc/passwd", "passwd.film"),
        ("-rf.mov", "rf.mov"),
        (".mp4", "mp4.film"),
        ("...webm", "film.webm"),
        ("x" * 5000 + ".mkv", "x" * 40 + ".mkv"),
        ("Łódź 映画.avi", "Łódź_映画.avi"),
        ("a\x00b\n.exe", "a_b.film"),
    ],
)
def test_the_name_of_a_film_on_the_disk_is_short_and_safe(name: str, expected: str, tmp_path: Path) -> None:
    assert disk_name(name) == expected
    assert len(disk_name("映" * 5000 + ".mp4").encode()) < 200
    (tmp_path / disk_name(name)).touch()
