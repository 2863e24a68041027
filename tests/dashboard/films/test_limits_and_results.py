"""The limit on the minutes of a film, and the results that are read from the folder of the command."""

import json
from pathlib import Path

import pytest

from core.exceptions import InputError
from core.video.files.endings import CSV, FILM, PARQUET, SUMMARY
from dashboard.films import results
from dashboard.films.limits import MINUTES_VARIABLE, READ_ONLY_MINUTES, longest_minutes
from tests.dashboard.films.fakes import write_results


def test_minutes_are_limited_on_read_only_servers_and_by_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MINUTES_VARIABLE, raising=False)
    monkeypatch.delenv("FERSCOPE_READ_ONLY", raising=False)
    assert longest_minutes() is None
    monkeypatch.setenv("FERSCOPE_READ_ONLY", "1")
    assert longest_minutes() == READ_ONLY_MINUTES == 10
    for text, minutes in (("2.5", 2.5), (" 90 ", 90.0), ("", READ_ONLY_MINUTES)):
        monkeypatch.setenv(MINUTES_VARIABLE, text)
        assert longest_minutes() == minutes


@pytest.mark.parametrize("text", ["0", "-3", "ten", "nan", "inf", "1,5", "9" * 5000])
def test_a_limit_that_is_not_a_positive_number_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(MINUTES_VARIABLE, text)
    with pytest.raises(InputError, match=r"not a positive number; write for example 10\.") as refused:
        longest_minutes()
    assert len(str(refused.value)) <= 300


def test_the_summary_names_the_film_as_the_visitor_knows_it(tmp_path: Path) -> None:
    read = results.read_results(write_results(tmp_path / "ready"), "film", "holiday.mp4")
    assert read.summary["video"] == "holiday.mp4"
    assert json.loads(read.files[SUMMARY]) == read.summary
    assert len(read.table) == 120 and read.notes == ()


def test_a_film_that_is_too_large_for_the_memory_is_left_out_with_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "MAX_ANNOTATED_MB", 0.001)
    read = results.read_results(write_results(tmp_path / "ready"), "film", "film.mp4")
    assert FILM not in read.files and CSV in read.files
    assert "too much for this page" in read.notes[0]


@pytest.mark.parametrize("ending", [PARQUET, SUMMARY])
def test_results_without_table_or_summary_are_refused(tmp_path: Path, ending: str) -> None:
    folder = write_results(tmp_path / "ready")
    (folder / f"film{ending}").unlink()
    with pytest.raises(InputError, match="incomplete"):
        results.read_results(folder, "film", "film.mp4")
