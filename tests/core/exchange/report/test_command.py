"""`core report`: the file it writes, and what it refuses."""

from pathlib import Path

import pytest

from core.__main__ import main
from core.evaluation.slices import SLICES
from core.exceptions import LONGEST_MESSAGE
from tests.core.exchange.report.reading import read
from tests.fixtures.models import write_model

KNOWN = [name for name, entry in SLICES.items() if not set(entry.columns) & {"near_copy", "doubt"}]
"""The slices that need nothing but two models and the marks."""


@pytest.fixture
def models(shipped: Path) -> Path:
    """Two models in a home without images; return an empty folder."""
    write_model("good", skill=3.0, seed=1)
    write_model("poor", skill=0.5, seed=2)
    folder = shipped / "out"
    folder.mkdir()
    return folder


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["report", *arguments]) == 1
    output = capsys.readouterr()
    assert output.out == "" and output.err.count("\n") == 1 and len(output.err) <= LONGEST_MESSAGE + len("Error: \n")
    return output.err


def test_the_file_is_written_and_an_older_one_replaced(models: Path, capsys) -> None:
    file = models / "report.html"
    file.write_text("old")
    assert main(["report", "good", "poor", "--slice", "private", "-o", str(file)]) == 0
    page = read(file.read_bytes())
    assert "PrivateTest" in page.text and "good" in page.text
    assert (
        capsys.readouterr().out == f"{file}: {file.stat().st_size / 1e6:.1f} MB. It needs no network and no scripts.\n"
    )
    assert [path.name for path in models.iterdir()] == ["report.html"]


def test_a_file_that_cannot_be_written_is_a_sentence(models: Path, capsys) -> None:
    assert "is not a file; name a file" in error_of(capsys, "good", "poor", "-o", str(models))
    assert "is no folder; create it" in error_of(capsys, "good", "poor", "-o", str(models / "none" / "r.html"))
    assert "use a shorter name" in error_of(capsys, "good", "poor", "-o", str(models / ("x" * 300)))
    assert list(models.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("good", "nobody"), "unknown model 'nobody'"),
        (("good", "poor", "--slice", "dusk"), "unknown slice 'dusk'"),
        (("good", "poor", "--slice", "marked"), "has no image that both good and poor have predicted"),
        (("good", "poor", "--slice", ",".join(KNOWN)), "has no image that both good and poor have predicted"),
        (("good", "poor", "--slice", "no_near_copies"), "search for them with `python -m core audit`"),
    ],
)
def test_bad_input_leaves_an_older_file_as_it_is(models: Path, capsys, arguments, sentence) -> None:
    file = models / "report.html"
    file.write_text("old")
    assert sentence in error_of(capsys, *arguments, "-o", str(file))
    assert file.read_text() == "old"


def test_a_file_must_be_named(models: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["report", "good", "poor"])
    assert stopped.value.code == 2
