"""The progress of a film on stderr: as JSON lines, or as a bar that is only drawn on a terminal."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from core.commands.faces import film_progress
from core.commands.faces.film_progress import film_bar, json_lines, speed_text
from core.video.files.progress import FilmProgress

PROGRESS = FilmProgress(done_s=12.0, total_s=60.0, frames_per_s=43.2, left_s=125.4)


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (PROGRESS, "43 frames/s, 2:05 left"),
        (FilmProgress(1.0, 9000.0, 20.0, 7384.0), "20 frames/s, 2:03:04 left"),
        (FilmProgress(1.0, None, 20.0, None), "20 frames/s"),
    ],
)
def test_the_bar_says_how_fast_the_film_is_read_and_how_long_it_takes(progress, text):
    assert speed_text(progress) == text


def test_each_line_of_json_is_one_progress(capsys):
    json_lines(Path("a/clip.mp4"))(PROGRESS)
    values = {"video": "a/clip.mp4", "done_s": 12.0, "total_s": 60.0, "frames_per_s": 43.2, "left_s": 125.4}
    assert json.loads(capsys.readouterr().err) == values


def test_without_a_terminal_no_bar_is_drawn(capsys):
    with film_bar(Path("clip.mp4")) as update:
        update(PROGRESS)
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_the_bar_names_the_film_and_disappears(capsys, monkeypatch):
    console = Console(stderr=True, force_terminal=True, width=100)
    monkeypatch.setattr(film_progress, "Console", lambda stderr: console)
    with film_bar(Path("[clip].mp4")) as update:
        update(PROGRESS)
    shown = capsys.readouterr().err
    assert "[clip].mp4" in shown and "43 frames/s, 2:05 left" in shown
