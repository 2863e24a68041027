"""The folder of an export is whole or not there, whatever stops it; nothing of others is replaced."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path

import pytest
from filelock import FileLock

from core import paths
from core.__main__ import main
from core.data.importing import import_dataset
from core.data.shipped import load_manifest
from core.data.store import current_import
from core.exceptions import LONGEST_MESSAGE, InputError
from core.exchange.clean_out import FORMS, contents, export_clean
from core.exchange.clean_out import export as export_module
from core.exchange.clean_out.sinks import FolderSink
from core.exchange.clean_out.target import written_beside
from core.review.clean_list import Choice

KILL = """
import os, signal, sys
from pathlib import Path
from core.exchange.clean_out import export_clean, sinks, target
from core.review.clean_list import Choice

def kill(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

place, folder = sys.argv[1:]
if place == "rename":
    target._rename = kill
else:
    open_file, count = sinks.FolderSink.open, 0
    def open_or_die(self, name):
        global count
        count += 1
        return kill() if count == int(place) else open_file(self, name)
    sinks.FolderSink.open = open_or_die
export_clean(Path(folder), "folder", Choice())
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "exports").mkdir()
    return tmp_path / "exports"


@pytest.mark.parametrize("moment", ["1", "40", "91", "rename"])
def test_a_killed_export_leaves_only_a_hidden_folder_which_the_next_one_removes(moment, imported, place):
    environment = os.environ | {"FERSCOPE_DATA": str(paths.DATA_DIR)}
    killed = subprocess.run(
        [sys.executable, "-c", KILL, moment, str(place / "clean")], cwd=paths.ROOT, env=environment, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert names(place) == [".clean.unfinished"]
    assert export_clean(place / "clean", "folder", Choice()).kept == 90
    assert names(place) == ["clean"]
    assert names(place / "clean") == ["README.md", "clean-list.csv", "test", "train"]


@pytest.mark.parametrize("form", FORMS)
def test_ctrl_c_leaves_nothing(form, imported, place, monkeypatch, capsys):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(contents, "_report_progress", stop)
    assert main(["export-clean", str(place / "clean"), "--form", form]) == 130
    assert names(place) == []
    assert "No file is left half-written" in capsys.readouterr().err


def test_a_full_disk_is_a_sentence_and_leaves_nothing(imported, place, monkeypatch):
    @contextmanager
    def full(self, name):
        raise OSError(ENOSPC, os.strerror(ENOSPC))
        yield

    monkeypatch.setattr(FolderSink, "open", full)
    with pytest.raises(InputError, match=r"There is no space left for files in .*; free some") as caught:
        export_clean(place / "clean", "folder", Choice())
    assert len(str(caught.value)) <= LONGEST_MESSAGE
    assert names(place) == []


@pytest.mark.parametrize("form", ["zip", "csv"])
def test_a_file_that_grows_too_large_for_the_system_is_a_sentence_too(form, imported, place):
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000));"
        "from core.__main__ import main; sys.exit(main(['export-clean', *sys.argv[1:]]))"
    )
    command = [sys.executable, "-c", code, str(place / "clean"), "--form", form]
    environment = os.environ | {"FERSCOPE_DATA": str(paths.DATA_DIR)}
    done = subprocess.run(command, cwd=paths.ROOT, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert "There is no space left for files in" in done.stderr and "Traceback" not in done.stderr
    assert names(place) == []


def test_a_folder_with_files_and_a_file_are_never_replaced(imported, place):
    (place / "mine").mkdir()
    (place / "mine" / "note.txt").write_text("keep me")
    (place / "file").write_text("keep me")
    for name, message in (("mine", "is not empty, and nothing in it is replaced"), ("file", "is a file")):
        with pytest.raises(InputError, match=message):
            export_clean(place / name, "folder", Choice())
    assert names(place) == ["file", "mine"]
    assert (place / "mine" / "note.txt").read_text() == (place / "file").read_text() == "keep me"


def test_what_appears_at_the_place_meanwhile_is_not_replaced(place):
    with pytest.raises(InputError, match="nothing in it is replaced"), written_beside(place / "clean") as unfinished:
        (unfinished / "a").write_text("a")
        (place / "clean").mkdir()
        (place / "clean" / "theirs").write_text("keep me")
    assert names(place) == ["clean"] and names(place / "clean") == ["theirs"]


def test_an_empty_folder_is_filled_and_other_files_in_the_hidden_folder_stay(imported, place):
    (place / "clean").mkdir()
    (place / ".clean.unfinished").mkdir()
    (place / ".clean.unfinished" / "theirs").write_text("keep me")
    export_clean(place / "clean", "zip", Choice())
    assert names(place / "clean") == ["README.md", "fer2013-clean.zip"]
    assert names(place / ".clean.unfinished") == ["theirs"]


def test_two_processes_do_not_write_the_same_folder(place):
    hidden = place / ".clean.unfinished"
    hidden.mkdir()
    with (
        FileLock(hidden / "lock"),
        pytest.raises(InputError, match="Another process is writing"),
        written_beside(place / "clean"),
    ):
        pass
    assert not (place / "clean").exists()


def test_a_missing_parent_is_a_sentence_and_nothing_is_made(place):
    with pytest.raises(InputError, match="is no folder; create it"), written_beside(place / "no" / "clean"):
        pass
    assert names(place) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_a_sentence(place):
    place.chmod(0o500)
    with pytest.raises(InputError, match=r"cannot be written \(Permission denied\)"), written_beside(place / "clean"):
        pass
    place.chmod(0o700)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which nobody may make another one")
def test_a_folder_that_nobody_may_write_is_a_sentence():
    with pytest.raises(InputError, match=r"A file in /proc cannot be written \("), written_beside(Path("/proc/clean")):
        pass


def test_links_that_lead_in_a_circle_are_a_sentence(place):
    (place / "clean").symlink_to(place / "clean")
    with pytest.raises(InputError, match=r"clean (cannot be followed|is a file|cannot be written)"):
        export_clean(place / "clean", "folder", Choice())
    assert names(place) == ["clean"]


def test_a_link_to_an_empty_folder_is_followed(imported, place):
    (place / "there").mkdir()
    (place / "clean").symlink_to(place / "there")
    export_clean(place / "clean", "csv", Choice())
    assert (place / "clean").is_symlink()
    assert names(place / "there") == ["README.md", "clean-list.csv", "fer2013.csv"]


def test_a_folder_beside_the_imports_does_not_change_them(imported, tmp_path):
    before = current_import()
    export_clean(paths.DATA_DIR / "fer2013" / "clean", "folder", Choice())
    assert current_import() == before and before.faces().shape == (98, 48, 48)
    import_dataset(paths.DATA_DIR / "fer2013" / "clean")
    assert len(load_manifest()) == 90


def test_an_import_that_is_removed_meanwhile_is_a_sentence(imported, place, monkeypatch):
    data = current_import()
    monkeypatch.setattr(export_module, "required_import", lambda: data)
    shutil.rmtree(data.folder)
    with pytest.raises(InputError, match="import the data set again"):
        export_clean(place / "clean", "folder", Choice())
    assert names(place) == []
