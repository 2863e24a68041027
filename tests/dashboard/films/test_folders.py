"""Temporary folders of films: private, locked while their server lives, and deleted after a crash."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core import paths
from dashboard.films.folders import PREFIX, FilmFolder, delete_leftovers


def test_only_the_user_of_the_server_can_read_a_folder(disk: Path) -> None:
    folder = FilmFolder()
    assert folder.path.parent == disk and folder.path.name.startswith(PREFIX)
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    folder.delete()


def test_a_deleted_folder_leaves_nothing_behind(disk: Path) -> None:
    folder = FilmFolder()
    (folder.path / "film.mp4").write_bytes(b"film")
    (folder.results / "film.csv").write_bytes(b"table")
    folder.delete()
    folder.delete()
    assert list(disk.iterdir()) == []


LEAVE_A_FOLDER = """
import sys
from dashboard.films.folders import FilmFolder
folder = FilmFolder()
(folder.results / "film.csv").write_text("table")
print(folder.path, flush=True)
sys.stdin.read()
"""


def test_the_folder_of_another_server_is_kept_while_that_server_runs_and_deleted_after_it_was_killed(
    disk: Path,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LEAVE_A_FOLDER],
        cwd=paths.ROOT,
        env={"TMPDIR": str(disk)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        folder = Path(server.stdout.readline().strip())
        delete_leftovers()
        assert (folder / "results" / "film.csv").exists()
        server.kill()
    assert folder.exists()
    delete_leftovers()
    assert list(disk.iterdir()) == []


def test_a_folder_of_this_server_is_no_leftover(disk: Path) -> None:
    folder = FilmFolder()
    delete_leftovers()
    assert folder.results.exists()
    folder.delete()


def test_a_folder_that_was_never_locked_is_a_leftover(disk: Path) -> None:
    (disk / f"{PREFIX}abc" / "results").mkdir(parents=True)
    delete_leftovers()
    assert list(disk.iterdir()) == []


def test_other_folders_and_links_are_kept(disk: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "film.mp4").write_bytes(b"film")
    (disk / f"{PREFIX}link").symlink_to(other)
    (disk / "folder").mkdir()
    (disk / f"{PREFIX}file").write_bytes(b"file")
    delete_leftovers()
    assert {path.name for path in disk.iterdir()} == {f"{PREFIX}link", f"{PREFIX}file", "folder"}
    assert [path.name for path in other.iterdir()] == ["film.mp4"]


def test_a_full_disk_is_an_error_and_not_an_endless_loop(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    with pytest.raises(OSError, match="No space left"):
        FilmFolder()
    assert list(disk.iterdir()) == []
