"""Commands in the surroundings of shells: other encodings, closed pipes, full disks, Python without docstrings."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core import paths
from core.vision.images import encode_png
from tests.fixtures import synthetic

ASCII_SHELL = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ENCODINGS = {
    "a C locale": (ASCII_SHELL, "ascii"),
    "ascii": ({"PYTHONIOENCODING": "ascii"}, "ascii"),
    "cp1252": ({"PYTHONIOENCODING": "cp1252"}, "cp1252"),
    "utf-16": ({"PYTHONIOENCODING": "utf-16"}, "utf-16"),
}
NAMES = ("cnn-seed", "catboost-seed")
FULL_DISK = Path("/dev/full")
needs_full_disk = pytest.mark.skipif(not FULL_DISK.exists(), reason="this system has no /dev/full")

PREDICT = ("predict", "smile 😀.png", "gone.png", "--model", "catboost-seed", "--whole-image")
QUICK = {
    "models": ("models",),
    "models --json": ("models", "--json"),
    "--version": ("--version",),
    "train --help": ("train", "--help"),
}
"""Commands that need no heavy library and print at least one line."""


@pytest.fixture(scope="module")
def shell_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two shipped models, one picture and the synthetic archive. Nothing is imported."""
    home = tmp_path_factory.mktemp("shell")
    for name in NAMES:
        shutil.copytree(paths.ROOT / "models" / name, home / "models" / name)
    (home / "data").mkdir()
    (home / "smile 😀.png").write_bytes(encode_png(np.full((60, 60, 3), 99, np.uint8)))
    synthetic.write_zip(home / "archive.zip", synthetic.files())
    return home


def run(home: Path, *arguments: str, stdout: int = subprocess.PIPE, **variables: str) -> subprocess.CompletedProcess:
    """Run a command of FERscope in a child process. Only the given variables change its surroundings."""
    surroundings = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "HOME") if key in os.environ}
    folders = {f"FERSCOPE_{name.upper()}": str(home / name) for name in ("data", "models", "runs")}
    python_path = {"PYTHONPATH": str(paths.ROOT), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", "core", *arguments],
        cwd=home,
        env={**surroundings, **folders, **python_path, "LC_ALL": "C.UTF-8", **variables},
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
    )


def run_with_closed_pipe(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    """Run a command whose output nobody reads, like `| true`."""
    reading_end, writing_end = os.pipe()
    os.close(reading_end)
    try:
        return run(home, *arguments, stdout=writing_end, **variables)
    finally:
        os.close(writing_end)


@pytest.mark.case("c2")
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("command", [("models",), ("train", "--help")], ids=" ".join)
def test_every_encoding_can_show_tables_and_help(shell_home: Path, encoding: str, command: tuple[str, ...]) -> None:
    variables, codec = ENCODINGS[encoding]
    done = run(shell_home, *command, **variables)
    assert (done.returncode, done.stderr.decode(codec)) == (0, "")
    text = done.stdout.decode(codec)
    assert all(name in text for name in NAMES) if command == ("models",) else "Train a model" in text


@pytest.mark.case("c2", "p5")
def test_a_name_that_the_encoding_lacks_is_printed_with_escapes_and_the_next_file_is_read(shell_home: Path) -> None:
    done = run(shell_home, *PREDICT, PYTHONIOENCODING="cp1252")
    assert done.returncode == 1
    assert b"smile \\U0001f600.png: predicted expressions" in done.stdout
    assert b"gone.png: There is no file gone.png" in done.stderr


@pytest.mark.case("c2", "c3")
@pytest.mark.parametrize("variables", [ASCII_SHELL, {"PYTHONOPTIMIZE": "2"}], ids=["a C locale", "no docstrings"])
def test_an_import_works_without_other_characters_than_ascii_and_without_docstrings(
    shell_home: Path, variables: dict[str, str]
) -> None:
    done = run(shell_home, "import", "archive.zip", **variables)
    assert done.returncode == 0, done.stderr
    assert b"98 images" in done.stdout


@pytest.mark.case("c3")
@pytest.mark.parametrize("command", QUICK)
def test_without_docstrings_commands_and_their_help_are_the_same(shell_home: Path, command: str) -> None:
    plain, optimised = (run(shell_home, *QUICK[command], PYTHONOPTIMIZE=level) for level in ("0", "2"))
    assert (optimised.returncode, optimised.stdout, optimised.stderr) == (0, plain.stdout, b"")


@pytest.mark.case("c3")
def test_without_docstrings_a_photo_is_read(shell_home: Path) -> None:
    done = run(shell_home, *PREDICT, "--json", PYTHONOPTIMIZE="2")
    assert done.returncode == 1
    assert [json.loads(line)["error"] is None for line in done.stdout.splitlines()] == [True, False]


@pytest.mark.case("c1")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("command", QUICK)
def test_a_closed_pipe_ends_a_command_quietly(shell_home: Path, command: str, unbuffered: str) -> None:
    done = run_with_closed_pipe(shell_home, *QUICK[command], PYTHONUNBUFFERED=unbuffered)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.case("c1")
def test_a_closed_pipe_ends_predict_quietly(shell_home: Path) -> None:
    done = run_with_closed_pipe(shell_home, *PREDICT, "--json")
    assert (done.returncode, done.stderr) == (141, b"")


@needs_full_disk
@pytest.mark.case("c1")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("command", QUICK)
def test_a_full_disk_gives_one_sentence(shell_home: Path, command: str, unbuffered: str) -> None:
    with FULL_DISK.open("wb") as full:
        done = run(shell_home, *QUICK[command], stdout=full.fileno(), PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 1
    assert done.stderr.startswith(b"Error: the output cannot be written: No space left on device")
    assert done.stderr.count(b"\n") == 1


@needs_full_disk
@pytest.mark.case("c1")
def test_messages_that_cannot_be_written_do_not_end_the_work(shell_home: Path) -> None:
    code = "import os, runpy, sys; os.dup2(os.open('/dev/full', os.O_WRONLY), 2); sys.argv[0] = 'core';"
    code += "runpy.run_module('core', run_name='__main__', alter_sys=True)"
    environment = {**os.environ, "PYTHONPATH": str(paths.ROOT), "FERSCOPE_DATA": str(shell_home / "data")}
    arguments = [sys.executable, "-c", code, "import", "archive.zip"]
    done = subprocess.run(arguments, cwd=shell_home, env=environment, capture_output=True, check=False)
    assert done.returncode == 0
    assert b"98 images" in done.stdout


@pytest.mark.case("c4")
def test_names_are_whole_in_a_pipe_of_80_columns(shell_home: Path) -> None:
    for variables in ({}, {"COLUMNS": "80"}, {"COLUMNS": "20"}):
        lines = run(shell_home, "models", **variables).stdout.decode().splitlines()
        assert sum(any(f" {name} " in line for name in NAMES) for line in lines) == len(NAMES)
