"""`python -m core video` writes the results of several films, even if some of them cannot be read."""

import json
import os
import signal

import numpy as np
import pytest

from core.__main__ import main
from core.classifiers import loading
from core.runtime import threads
from core.video.example import portrait_video
from core.video.files import analysis
from tests.core.video.files.films import write_film
from tests.fixtures.fakes import FakeClassifier


@pytest.fixture(autouse=True)
def fakes(monkeypatch):
    """Replace the models by fakes, and leave the number of threads unchanged."""
    monkeypatch.setattr(loading, "load_classifier", lambda name: FakeClassifier(answer="happy"))
    monkeypatch.setattr(threads, "use_one_thread", lambda: None)


@pytest.fixture
def film(tmp_path):
    return write_film(tmp_path / "clip.mp4", portrait_video(12))


def video(film, out, *options):
    return main(["video", str(film), "--out", str(out), "--detector", "haar", *options])


def test_the_result_is_a_table_of_the_faces(film, tmp_path, capsys):
    assert video(film, tmp_path / "out") == 0
    printed = capsys.readouterr()
    assert printed.out.startswith(f"{film}: 12 of 12 frames read, in {tmp_path / 'out' / 'clip.csv'}\n")
    assert "happy 100%" in printed.out and "catboost" in printed.out


def test_with_json_one_line_is_printed_per_film(film, tmp_path, capsys):
    assert video(film, tmp_path / "out", "--json", "--model", "cnn") == 0
    [line] = capsys.readouterr().out.splitlines()
    summary = json.loads(line)
    assert set(summary) == {
        "video", "seconds", "frames", "read", "detector", "faces", "lost_s", "annotated", "notes", "run", "error",
    }  # fmt: skip
    [face] = summary["faces"]
    assert face["models"]["cnn"]["share"] == {
        "angry": 0, "disgust": 0, "fear": 0, "happy": 1, "neutral": 0, "sad": 0, "surprise": 0,
    }  # fmt: skip


def test_a_bad_film_does_not_stop_the_others(film, tmp_path, capsys):
    bad = tmp_path / "bad.mp4"
    bad.write_text("<html></html>")
    missing = tmp_path / "missing.mp4"
    films = [str(bad), str(film), str(missing)]
    assert main(["video", *films, "--out", str(tmp_path / "out"), "--json", "--detector", "haar", "--no-film"]) == 1
    summaries = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [summary["video"] for summary in summaries] == films
    assert [summary["error"] is None for summary in summaries] == [False, True, False]
    assert (tmp_path / "out" / "clip.csv").exists()


@pytest.mark.parametrize("name", ["x" * 300, "x" * 250, "blocked"])
def test_a_film_whose_files_cannot_be_written_does_not_stop_the_others(film, tmp_path, capsys, name):
    out = tmp_path / "out"
    out.mkdir()
    (out / "blocked.unfinished").touch()
    bad = tmp_path / f"{name}.mp4"
    if len(name) < 255:
        bad.symlink_to(film)
    assert main(["video", str(bad), str(film), "--out", str(out), "--json", "--detector", "haar", "--no-film"]) == 1
    summaries = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [summary["error"] is None for summary in summaries] == [False, True]


def test_names_are_printed_on_one_line_without_control_characters(film, tmp_path, capsys):
    odd = film.rename(tmp_path / "a\n\x1b[31mb.mp4")
    assert video(odd, tmp_path / "out", "--no-film") == 0
    printed = capsys.readouterr().out
    assert "a\\n\\x1b[31mb.csv\n" in printed and "\x1b" not in printed


def test_without_json_the_error_of_a_bad_film_is_a_line_on_stderr(tmp_path, capsys):
    assert video(tmp_path / "missing.mp4", tmp_path) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err == f"There is no file {tmp_path / 'missing.mp4'}; check the name.\n"


def test_patterns_are_expanded(film, tmp_path, capsys):
    assert main(["video", str(tmp_path / "cl*.mp4"), "--out", str(tmp_path), "--json", "--detector", "haar"]) == 0
    assert json.loads(capsys.readouterr().out)["video"] == str(film)


def test_progress_can_be_printed_as_json_lines(film, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(analysis, "PROGRESS_EVERY_S", 0.0)
    assert video(film, tmp_path / "out", "--json-progress", "--no-film") == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert set(lines[0]) == {"video", "done_s", "total_s", "frames_per_s", "left_s"}
    assert lines[-1]["done_s"] == pytest.approx(11 / 30, abs=1e-3)
    assert lines[-1]["total_s"] == pytest.approx(12 / 30, abs=1e-3)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_after_a_signal_the_same_command_goes_on(film, tmp_path, capsys, monkeypatch, number):
    read = analysis.FilmRun.add

    def interrupt(run, frame):
        if frame.number == 5:
            os.kill(os.getpid(), number)
        read(run, frame)

    with monkeypatch.context() as patch:
        patch.setattr(analysis.FilmRun, "add", interrupt)
        assert video(film, tmp_path / "out") == 130
    stopped = capsys.readouterr().err
    assert "the same command goes on from here" in stopped and "Stopped. No file is left half-written." in stopped
    assert video(film, tmp_path / "out") == 0
    assert "Going on with the unfinished run of clip.mp4, which had read 6 frames." in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--start", "5", "--end", "5"], ["--start", "9", "--end", "1"]])
def test_an_end_before_the_start_is_refused(film, tmp_path, capsys, options):
    assert video(film, tmp_path, *options) == 1
    assert "--end must be later than --start" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "1e99", "fast", ""])
@pytest.mark.parametrize("option", ["--every", "--start", "--end", "--half-life"])
def test_times_that_are_no_seconds_are_refused(film, tmp_path, capsys, option, value):
    with pytest.raises(SystemExit) as caught:
        video(film, tmp_path, f"{option}={value}")
    assert caught.value.code == 2
    assert "must be a number of seconds" in capsys.readouterr().err


def test_a_film_without_a_face_says_so(tmp_path, capsys):
    film = write_film(tmp_path / "gray.mp4", [np.full((64, 96, 3), 128, np.uint8)] * 3)
    assert video(film, tmp_path / "out") == 0
    assert "No face was found." in capsys.readouterr().out


def test_a_film_that_was_read_before_is_not_read_again(film, tmp_path, capsys):
    assert video(film, tmp_path / "out", "--json") == 0
    first = capsys.readouterr().out
    before = (tmp_path / "out" / "clip.csv").stat().st_mtime_ns
    assert video(film, tmp_path / "out", "--json") == 0
    second = capsys.readouterr()
    assert second.out == first and "clip.mp4 was read before, with the same choices" in second.err
    assert (tmp_path / "out" / "clip.csv").stat().st_mtime_ns == before


@pytest.mark.parametrize("change", ["other choices", "a lost file", "a damaged summary"])
def test_a_film_is_read_again_with_other_choices_or_without_all_results(film, tmp_path, capsys, change):
    assert video(film, tmp_path / "out", "--json") == 0
    if change == "a lost file":
        (tmp_path / "out" / "clip.png").unlink()
    if change == "a damaged summary":
        (tmp_path / "out" / "clip.summary.json").write_bytes(b'{"video": ')
    capsys.readouterr()
    assert video(film, tmp_path / "out", "--json", *(["--every", "0.1"] if change == "other choices" else [])) == 0
    assert "was read before" not in capsys.readouterr().err
    assert (tmp_path / "out" / "clip.png").exists()


def test_annotated_films_of_earlier_runs_are_left_out(film, tmp_path, capsys):
    pattern = str(tmp_path / "*.mp4")
    for _ in range(2):
        assert main(["video", pattern, "--out", str(tmp_path), "--json", "--detector", "haar"]) == 0
        printed = capsys.readouterr()
        assert [json.loads(line)["video"] for line in printed.out.splitlines()] == [str(film)]
    assert "clip.annotated.mp4 is the annotated film of an earlier run." in printed.err
