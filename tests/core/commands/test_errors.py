"""Errors of the operating system end a command with one sentence; errors in the code keep their traceback."""

import errno
import io
import os
import shlex
import shutil
import subprocess
import sys

import pytest

from core import paths
from core.__main__ import main
from core.commands.models import models
from core.models import store
from core.runtime.streams import Stderr, Stdout, prepare_streams, printable

LONG = "/somewhere/" + "x" * 5000


def fail_with(monkeypatch, error):
    def fail(options):
        raise error

    monkeypatch.setattr(models, "run", fail)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/a"), "/a: Permission denied; check the permissions"),
        (OSError(errno.EROFS, "Read-only file system", "/a"), "/a: Read-only file system; choose a folder that"),
        (OSError(errno.ENOSPC, "No space left", "/a"), "/a: No space left; free some disk space."),
        (OSError(errno.ENOSPC, "No space left"), "a file or connection: No space left; free some disk space."),
        (OSError(errno.ENAMETOOLONG, "File name too long", LONG), "File name too long; use a shorter name."),
        (FileExistsError(errno.EEXIST, "File exists", "/a"), "/a: File exists; remove or rename it."),
        (OSError(errno.EIO, "Input/output error", "/a"), "/a: Input/output error; check its permissions and the"),
        (OSError(errno.EACCES, "Permission denied", b"/a\xff"), "Permission denied; check the permissions"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "a file or connection: Broken pipe;"),  # not that of stdout
        (KeyboardInterrupt(), "Stopped. No file is left half-written."),
    ],
    ids=str,
)
def test_an_error_of_the_operating_system_is_one_short_sentence(monkeypatch, capsys, error, sentence):
    fail_with(monkeypatch, error)
    assert main(["models"]) == (130 if isinstance(error, KeyboardInterrupt) else 1)
    message = capsys.readouterr().err
    assert sentence in message and message.count("\n") == 1 and len(message) <= 300


@pytest.mark.parametrize("error", [OSError("a library's own error"), ValueError("a bug")])
def test_an_error_in_the_code_keeps_its_traceback(monkeypatch, error):
    fail_with(monkeypatch, error)
    with pytest.raises(type(error)):
        main(["models"])


@pytest.fixture
def read_only_models(imported, monkeypatch):
    """A trained model whose folder cannot be written."""
    small = ["--set", "blocks=[[4],[4]]", "--set", "hidden=0", "--set", "epochs=[1]", "--set", "learning_rates=[0.01]"]
    assert main(["train", "cnn-seed", "--as", "small", *small]) == 0

    def refuse(path, content):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    for module in ("core.benchmarks.robustness", "core.benchmarks.steadiness", "core.models.store"):
        monkeypatch.setattr(f"{module}.replace_file", refuse)


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (["robustness", "small"], "Mean accuracy over all"),
        (["steadiness", "small", "--json"], '"share"'),
        (["bench", "--cards", "--repeats", "1"], "ms per face"),
    ],
)
def test_results_that_cannot_be_stored_are_printed(read_only_models, capsys, arguments, result):
    assert main(arguments) == 1
    output = capsys.readouterr()
    assert result in output.out
    assert "Permission denied; check the permissions" in output.err


@pytest.mark.case("c1")
def test_results_that_cannot_be_printed_are_stored(home, monkeypatch):
    shutil.copytree(paths.ROOT / "models" / "cnn-seed", paths.MODELS_DIR / "cnn-seed")
    before = store.read_card("cnn-seed")
    reading_end, writing_end = os.pipe()
    os.close(reading_end)
    with Stdout(io.FileIO(writing_end, "w"), "utf-8", write_through=True) as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        assert main(["bench", "--cards", "--repeats", "1", "--json"]) == 141
    assert store.read_card("cnn-seed").ms_per_face != before.ms_per_face


def test_streams_take_every_character_and_stderr_drops_what_cannot_be_written(monkeypatch):
    buffers = {"stdout": io.BytesIO(), "stderr": io.BytesIO()}
    # Like sys.__stdout__ and sys.__stderr__, they live on. Otherwise, they would close the buffers.
    originals = {name: io.TextIOWrapper(buffer, "ascii") for name, buffer in buffers.items()}
    for name, stream in originals.items():
        monkeypatch.setattr(sys, name, stream)
    prepare_streams()
    assert isinstance(sys.stdout, Stdout) and isinstance(sys.stderr, Stderr)
    for name, buffer in buffers.items():
        print("… \udcff", file=getattr(sys, name), flush=True)
        assert buffer.getvalue() == b"\\u2026 \\udcff\n"


def test_a_closed_standard_output_is_no_error(monkeypatch):
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    prepare_streams()
    assert sys.stdout is None and sys.stderr.name == os.devnull
    assert main(["models"]) == 0
    sys.stderr.close()


def test_notes_for_a_closed_standard_error_do_not_appear_on_standard_output():
    command = f"{shlex.quote(sys.executable)} -m core predict --model missing x.png 2>&-"
    printed = subprocess.run(command, shell=True, cwd=paths.ROOT, stdout=subprocess.PIPE, check=False)
    assert (printed.returncode, printed.stdout) == (1, b"")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("é 😀", "é 😀"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202egpj", "\\u202egpj"),
        ("\udcff", "\\udcff"),
    ],
)
def test_printable_shows_letters_as_they_are_and_escapes_what_a_terminal_would_obey(text, shown):
    assert printable(text) == shown
