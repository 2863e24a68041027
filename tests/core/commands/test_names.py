"""Names of files, folders, models and texts, of every kind that a shell can pass on."""

import io
import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.__main__ import main
from core.commands.faces import picture_files
from core.exceptions import InputError
from core.recognition import recognizer
from core.recognition.recognizer import Recognizer
from core.runtime.streams import printable
from core.vision.formats import MAX_BYTES
from core.vision.images import encode_png
from tests.fixtures.fakes import FakeClassifier, FakeDetector

PICTURE = encode_png(np.full((80, 100, 3), 99, np.uint8))
LONG = "x" * 5000 + ".jpg"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """The current folder, with one picture. The models and the detector are replaced by fakes."""

    def load(models, name):
        return Recognizer(FakeDetector((10, 10, 60, 60)), {model: FakeClassifier() for model in models}, "fake")

    monkeypatch.setattr(recognizer, "load_recognizer", load)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.png").write_bytes(PICTURE)
    return tmp_path


def predicted(capsys, *arguments: str) -> tuple[int, list[str], list[bool]]:
    """Run predict --json; return the exit code, the names in the output, and whether each was read."""
    code = main(["predict", "--json", *arguments])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return code, [row["image"] for row in rows], [row["error"] is None for row in rows]


@pytest.mark.case("p5")
@pytest.mark.parametrize(
    "name",
    [
        "-dash.jpg",
        "--json.jpg",
        "-h.jpg",
        "smile 😀.jpg",
        "two\nlines.jpg",
        "\x1b[31mred.jpg",
        os.fsdecode(b"latin-\xe9.jpg"),
        "[bold].jpg",
        "{task}.jpg",
        "%s %d.jpg",
        "*.jpg",
        "$(x) `y` ; |.jpg",
    ],
)
def test_a_file_is_read_whatever_its_name_is(folder, capsys, name):
    (folder / name).write_bytes(PICTURE)
    assert predicted(capsys, name, "good.png") == (0, [name, "good.png"], [True, True])
    assert main(["predict", name, "good.png"]) == 0
    out = capsys.readouterr().out
    assert out.count(": predicted expressions") == 2  # a line break in a name does not look like another result
    assert "\x1b" not in out


@pytest.mark.case("p5")
@pytest.mark.parametrize("name", [LONG, "x/" * 3000, "gone.jpg", "gone\n.jpg", os.fsdecode(b"\xff\xfe"), "good.png/x"])
def test_a_name_that_cannot_be_read_has_its_own_error_and_the_others_are_read(folder, capsys, name):
    code, names, are_read = predicted(capsys, "good.png", name, "good.png")
    assert (code, are_read) == (1, [True, False, True])
    assert names[0] == names[2] == "good.png"
    assert main(["predict", name, "good.png"]) == 1
    output = capsys.readouterr()
    assert "good.png: predicted expressions" in output.out
    assert len(output.err) <= 430 and output.err.count("\n") == 1


@pytest.mark.case("p5")
def test_an_option_that_is_none_says_how_to_name_a_file_with_a_dash(capsys):
    for arguments in (["-gone.jpg"], ["good.png", "-gone.jpg"]):
        with pytest.raises(SystemExit) as stop:
            main(["predict", *arguments])
        assert stop.value.code == 2
        assert "put -- before names that begin with a dash" in capsys.readouterr().err
    assert predicted(capsys, "--", "-gone.jpg", "good.png") == (1, ["-gone.jpg", "good.png"], [False, True])


@pytest.mark.parametrize("argument", ["nul\0.jpg", "\ud800.jpg"])
def test_a_name_that_no_file_can_have_is_an_invalid_argument(capsys, argument):
    with pytest.raises(SystemExit) as stop:
        main(["predict", "good.png", argument])
    assert stop.value.code == 2
    assert "no file or model can have the name" in capsys.readouterr().err


@pytest.mark.case("p8")
def test_a_folder_stands_for_its_images_sorted_by_name(folder, capsys):
    photos = folder / "photos"
    (photos / "inner.jpg").mkdir(parents=True)
    for name in ("b.JPG", "a.png", ".hidden.png", "notes.txt", "c.tiff"):
        (photos / name).write_bytes(PICTURE)
    (photos / "broken.png").symlink_to("gone.png")
    code, names, are_read = predicted(capsys, "photos", "good.png")
    assert names == ["photos/a.png", "photos/b.JPG", "photos/broken.png", "photos/c.tiff", "good.png"]
    assert (code, are_read) == (1, [True, True, False, True, True])
    assert predicted(capsys, "phot*")[1] == names[:-1]


@pytest.mark.case("p8")
def test_a_folder_without_images_says_so_and_the_others_are_read(folder, capsys):
    (folder / "empty").mkdir()
    assert predicted(capsys, "empty", "good.png") == (1, ["empty", "good.png"], [False, True])
    assert main(["predict", "empty"]) == 1
    assert "has no images (.jpg, .jpeg" in capsys.readouterr().err


@pytest.mark.case("p8")
def test_a_folder_that_cannot_be_read_says_so(folder, capsys, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    (folder / "locked").mkdir()
    monkeypatch.setattr(Path, "iterdir", refuse)  # root may read every folder
    assert main(["predict", "locked"]) == 1
    assert "locked cannot be read (Permission denied)" in capsys.readouterr().err


class FakeStdin:
    """Standard input with these bytes."""

    def __init__(self, data: bytes, is_terminal: bool = False) -> None:
        self.buffer = io.BytesIO(data)
        self.isatty = lambda: is_terminal


@pytest.mark.case("p8")
def test_a_dash_stands_for_the_bytes_of_standard_input(folder, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", FakeStdin(PICTURE))
    assert predicted(capsys, "-", "good.png") == (0, ["-", "good.png"], [True, True])
    (folder / "-").write_bytes(PICTURE)
    assert predicted(capsys, "./-") == (0, ["-"], [True])  # a file of this name


@pytest.mark.case("p8")
@pytest.mark.parametrize(
    ("stdin", "error"),
    [
        (FakeStdin(b""), "This file is empty"),
        (FakeStdin(b"no picture"), "not an image"),
        (FakeStdin(bytes(MAX_BYTES + 1)), "MB"),
        (FakeStdin(b"", is_terminal=True), "Standard input has no image"),
        (None, "Standard input has no image"),
    ],
    ids=["empty", "text", "too large", "a terminal", "closed"],
)
def test_standard_input_without_an_image_has_an_error_and_the_others_are_read(capsys, monkeypatch, stdin, error):
    monkeypatch.setattr(sys, "stdin", stdin)
    assert main(["predict", "-", "good.png", "--json"]) == 1
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert error in first["error"] and second["error"] is None


def test_the_annotated_copy_of_standard_input_has_a_name_without_a_dash(folder, monkeypatch):
    monkeypatch.setattr(sys, "stdin", FakeStdin(PICTURE))
    assert main(["predict", "-", "--annotate", "out"]) == 0
    assert [path.name for path in (folder / "out").iterdir()] == ["stdin.png"]


def test_an_annotated_copy_that_cannot_be_written_does_not_stop_the_others(folder, capsys, monkeypatch):
    monkeypatch.setattr("core.commands.faces.predict._unused_path", lambda folder, stem: folder / (stem + "x" * 250))
    (folder / "second.png").write_bytes(PICTURE)
    assert predicted(capsys, "good.png", "second.png", "--annotate", "out")[::2] == (1, [True, True])


def test_an_image_that_needs_too_much_memory_does_not_stop_the_others(capsys, monkeypatch):
    data = picture_files.read_data

    def read(path):
        if path.name == "huge.png":
            raise MemoryError
        return data(path)

    monkeypatch.setattr("core.commands.faces.predict.read_data", read)
    assert predicted(capsys, "huge.png", "good.png") == (1, ["huge.png", "good.png"], [False, True])


names = st.text(st.characters(exclude_categories=[]), min_size=1, max_size=40) | st.sampled_from(
    [
        "-",
        "--",
        "-x",
        "--json",
        "--model",
        ".",
        "..",
        "/dev/null",
        "*",
        "[",
        "good.png",
        "~",
        LONG,
        "a\0b",
        "\udcff",
        "=",
    ]
)


@pytest.mark.property
@given(st.lists(names, max_size=4), st.booleans())
def test_random_names_end_in_results_errors_or_invalid_arguments(capsys, given_names, as_json):
    options = ["--json"] if as_json else []
    code = exit_code(["predict", *options, "--", *given_names, "good.png"])
    output = capsys.readouterr()
    assert code in (0, 1, 2)
    if code < 2 and as_json:
        assert len([json.loads(line) for line in output.out.splitlines()]) > len(given_names)
    assert "Traceback" not in output.err


VERBS = (
    ["models"],
    ["evaluate"],
    ["evaluate", "--stored", "--json"],
    ["calibrate"],
    ["train"],
    ["train", "cnn-seed", "--as"],
    ["train", "cnn-seed", "--as", "x", "--set"],
    ["robustness", "--json"],
    ["robustness", "--limit"],
    ["steadiness"],
    ["framing"],
    ["framing", "cnn-seed", "--detector"],
    ["limits"],
    ["detection"],
    ["predict", "good.png", "--detector"],
    ["bench", "--repeats"],
    ["bench", "--training", "--recipe"],
    ["export"],
    ["export", "cnn-seed", "--format"],
    ["get"],
    ["get", "yunet", "--from"],
    ["import"],
    ["manifest"],
    [],
)


@pytest.fixture
def no_long_work(monkeypatch):
    """Stop commands after their arguments were understood, where the work takes seconds."""

    def stop(*_: object) -> None:
        raise InputError("stopped")

    for function in ("benchmarks.composites.composites", "commands.measure.bench.measure_photo"):
        monkeypatch.setattr(f"core.{function}", stop)
    monkeypatch.setattr("core.vision.detectors.yunet_file._download_first", stop)


@pytest.mark.property
@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
@given(names)
def test_random_arguments_of_every_verb_end_in_an_exit_code_and_a_short_message(home, no_long_work, capsys, verb, name):
    code = exit_code([*verb, name])
    error = capsys.readouterr().err
    assert code in (0, 1, 2)
    message = error.splitlines()[-1] if error else ""
    assert len(message) <= len("python -m core detection: error: argument --format: ") + 300
    assert printable(message) == message and "Traceback" not in error


def exit_code(arguments: list[str]) -> int:
    """Run a command in this process, and return its exit code, also after invalid arguments or --help."""
    try:
        return main(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
