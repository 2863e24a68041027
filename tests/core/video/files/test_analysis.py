"""A film is read to the end, or stopped and gone on with: the results are the same."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from itertools import count

import av
import numpy as np
import pandas as pd
import pytest

from core import paths
from core.exceptions import InputError
from core.files import json_line
from core.recognition.reading import Reading
from core.video.example import FRAMES_PER_S, portrait_video
from core.video.files import analysis
from core.video.files.analysis import FaceNumbers, read_film, tracker_for
from core.video.files.endings import ENDINGS
from core.video.files.outputs import Outputs
from core.video.files.results.table import COLUMNS
from core.video.files.settings import FilmSettings
from core.vision.faces import Face
from tests.core.video.files.films import write_film
from tests.fixtures.fakes import FakeClassifier, from_pixels

FRAMES = 36
SETTINGS = FilmSettings(("cnn", "catboost"), "haar")


CLASSIFIERS = {name: FakeClassifier(answer=from_pixels) for name in SETTINGS.models}
WEIGHTS = dict.fromkeys(SETTINGS.models, "a" * 64)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return write_film(tmp_path_factory.mktemp("film") / "clip.mp4", portrait_video(FRAMES), sound_s=1.2)


def read(film, folder, settings=SETTINGS, **options):
    return read_film(film, Outputs(folder, film.stem), settings, CLASSIFIERS, WEIGHTS, **options)


@pytest.fixture(scope="module")
def undisturbed(film, tmp_path_factory):
    """Return the summary and the folder of a run that nobody stopped."""
    folder = tmp_path_factory.mktemp("undisturbed")
    return read(film, folder), folder


def stop_after(calls):
    """Return a function that asks to stop from so many calls on."""
    counter = count(1)
    return lambda: next(counter) >= calls


def assert_same_results(folder, undisturbed_folder):
    table, expected = (pd.read_parquet(path / "clip.parquet") for path in (folder, undisturbed_folder))
    pd.testing.assert_frame_equal(table, expected, check_exact=True)
    for ending in (".csv", ".png", ".moments.png", ".summary.json"):
        assert (folder / f"clip{ending}").read_bytes() == (undisturbed_folder / f"clip{ending}").read_bytes(), ending


def test_all_files_are_written_and_nothing_else_is_left(undisturbed, film):
    summary, folder = undisturbed
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"clip{ending}" for ending in ENDINGS)
    assert json.loads((folder / "clip.summary.json").read_text()) == summary
    assert summary["video"] == str(film) and summary["detector"] == "haar" and summary["error"] is None
    assert summary["frames"] == summary["read"] == FRAMES
    assert summary["seconds"] == pytest.approx(FRAMES / FRAMES_PER_S, abs=1e-3)


def test_the_table_has_one_row_per_frame_and_model_with_true_times(undisturbed):
    table = pd.read_parquet(undisturbed[1] / "clip.parquet")
    assert tuple(table.columns) == COLUMNS
    assert len(table) == 2 * FRAMES and set(table["face"]) == {1}
    assert table["time_s"].to_numpy() == pytest.approx(table["frame"].to_numpy() / FRAMES_PER_S, abs=1e-5)
    assert table.filter(like="p_").sum(axis=1).to_numpy() == pytest.approx(np.ones(len(table)))


def test_csv_and_parquet_hold_the_same_values(undisturbed):
    table = pd.read_parquet(undisturbed[1] / "clip.parquet")
    from_csv = pd.read_csv(undisturbed[1] / "clip.csv")
    from_csv["reason"] = from_csv["reason"].astype("str").where(from_csv["reason"].notna(), None)
    pd.testing.assert_frame_equal(from_csv, table, check_dtype=False, rtol=1e-12)


@pytest.mark.parametrize("stops", [[1], [7], [20, 1, 30], [36]])
def test_a_stopped_run_goes_on_and_ends_with_the_same_results(film, undisturbed, tmp_path, stops):
    for calls in stops:
        with pytest.raises(KeyboardInterrupt):
            read(film, tmp_path, should_stop=stop_after(calls))
        assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.unfinished"]
    notes = []
    read(film, tmp_path, on_note=notes.append)
    assert len(notes) == 1 and notes[0].startswith("Going on with the unfinished run of clip.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"clip{ending}" for ending in ENDINGS)
    assert_same_results(tmp_path, undisturbed[1])


def test_frequent_saving_changes_nothing(film, undisturbed, tmp_path, monkeypatch):
    monkeypatch.setattr(analysis, "MAX_ROWS", 1)
    read(film, tmp_path)
    assert_same_results(tmp_path, undisturbed[1])


@pytest.mark.parametrize(
    "change",
    [{"half_life_s": 0.0}, {"every_s": 0.1}, {"start_s": 0.2}, {"end_s": 1.0}, {"with_film": False}],
    ids=str,
)
def test_a_run_with_other_choices_starts_anew_and_says_so(film, undisturbed, tmp_path, change):
    with pytest.raises(KeyboardInterrupt):
        read(film, tmp_path, replace(SETTINGS, **change), should_stop=stop_after(9))
    notes = []
    read(film, tmp_path, on_note=notes.append)
    assert notes == [
        "The unfinished run of clip.mp4 cannot go on, because its choices, its film or its models differ; "
        "it starts anew."
    ]
    assert_same_results(tmp_path, undisturbed[1])


def test_a_damaged_state_starts_anew(film, undisturbed, tmp_path):
    for damage in (b"", b"{}", b"[" * 100_000, json_line({"run": 1}).encode()):
        with pytest.raises(KeyboardInterrupt):
            read(film, tmp_path, should_stop=stop_after(9))
        (tmp_path / "clip.unfinished" / "state.json").write_bytes(damage)
    read(film, tmp_path)
    assert_same_results(tmp_path, undisturbed[1])


def test_a_missing_part_starts_anew(film, undisturbed, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        read(film, tmp_path, should_stop=stop_after(9))
    (tmp_path / "clip.unfinished" / "rows-000000.parquet").unlink()
    read(film, tmp_path)
    assert_same_results(tmp_path, undisturbed[1])


def test_a_part_that_was_cut_starts_anew(film, undisturbed, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        read(film, tmp_path, should_stop=stop_after(9))
    os.truncate(tmp_path / "clip.unfinished" / "rows-000000.parquet", 100)
    read(film, tmp_path)
    assert_same_results(tmp_path, undisturbed[1])


def test_frames_that_are_close_together_keep_their_order_in_a_stopped_run(tmp_path):
    times = [number * 12e-6 for number in range(20)]
    film = write_film(tmp_path / "fast.mov", [np.full((64, 96, 3), 128, np.uint8)] * 20, times=times)
    with pytest.raises(KeyboardInterrupt):
        read(film, tmp_path / "out", should_stop=stop_after(15))
    read(film, tmp_path / "out")
    with av.open(str(tmp_path / "out" / "fast.annotated.mp4")) as container:
        stamps = [frame.pts for frame in container.decode(video=0)]
    assert len(stamps) == 20 and stamps == sorted(set(stamps))


def test_a_name_that_is_not_utf_8_makes_no_difference(film, undisturbed, tmp_path):
    named = tmp_path / os.fsdecode(b"clip\xff.mp4")
    try:
        named.symlink_to(film)
    except OSError:
        pytest.skip("this file system does not allow the name")
    read(named, tmp_path)
    table = pd.read_csv(tmp_path / os.fsdecode(b"clip\xff.csv"))
    assert len(table) == len(pd.read_csv(undisturbed[1] / "clip.csv"))


def test_the_shortest_interval_reads_every_frame(film, tmp_path):
    assert read(film, tmp_path, replace(SETTINGS, every_s=5e-324, with_film=False))["read"] == FRAMES


def test_after_the_end_of_the_film_there_are_no_frames_and_a_note_says_so(film, undisturbed, tmp_path):
    summary = read(film, tmp_path, replace(SETTINGS, start_s=100.0))
    assert (summary["frames"], summary["read"], summary["seconds"]) == (0, 0, undisturbed[0]["seconds"])
    assert summary["notes"] == ["The film has no frames between the start and the end that were chosen."]


def test_two_runs_at_once_on_the_same_film_are_refused(film, tmp_path):
    def start_another(progress):
        with pytest.raises(InputError, match="Another process is writing into"):
            read(film, tmp_path)
        seen.append(progress)

    seen = []
    ticks = count()
    read(film, tmp_path, on_progress=start_another, clock=lambda: float(next(ticks)))
    assert seen


def test_one_frame_is_read_per_interval(film, tmp_path):
    summary = read(film, tmp_path, FilmSettings(SETTINGS.models, "haar", every_s=0.25, with_film=False))
    table = pd.read_parquet(tmp_path / "clip.parquet")
    times = sorted(set(table["time_s"]))
    assert times == pytest.approx([0.0, 0.266667, 0.5, 0.766667, 1.0], abs=1e-5)
    assert summary["read"] == 5 and summary["frames"] == FRAMES


def test_only_the_part_between_start_and_end_is_read(film, tmp_path):
    summary = read(film, tmp_path, FilmSettings(SETTINGS.models, "haar", start_s=0.5, end_s=0.8))
    table = pd.read_parquet(tmp_path / "clip.parquet")
    assert sorted(set(table["frame"])) == list(range(15, 24))
    assert summary["read"] == summary["frames"] == 9


def test_a_film_without_faces_yields_an_empty_table(tmp_path):
    film = write_film(tmp_path / "gray.mp4", [np.full((64, 96, 3), 128, np.uint8)] * 5)
    summary = read(film, tmp_path / "out")
    assert summary["faces"] == [] and summary["read"] == 5
    assert len(pd.read_parquet(tmp_path / "out" / "gray.parquet")) == 0
    assert (tmp_path / "out" / "gray.csv").read_text().startswith("time_s,frame,face,")


def test_a_run_that_is_killed_three_times_ends_with_the_same_results(film, undisturbed, tmp_path):
    code = (
        "import os, signal, sys\n"
        "from itertools import count\n"
        "from pathlib import Path\n"
        "from core.video.files import analysis\n"
        "from tests.core.video.files.test_analysis import read\n"
        "analysis.MAX_ROWS = 8\n"
        "calls, limit = count(1), int(sys.argv[3])\n"
        "stop = lambda: os.kill(os.getpid(), signal.SIGKILL) if next(calls) == limit else False\n"
        "read(Path(sys.argv[1]), Path(sys.argv[2]), should_stop=stop)\n"
    )
    for limit in (10, 19, 28):
        run = [sys.executable, "-c", code, str(film), str(tmp_path), str(limit)]
        assert subprocess.run(run, cwd=paths.ROOT, env=os.environ, check=False).returncode == -signal.SIGKILL
    read(film, tmp_path)
    assert_same_results(tmp_path, undisturbed[1])


@pytest.mark.parametrize("every_s", [0.5, 1.0, 60.0])
@pytest.mark.parametrize(("missing", "number"), [(1, 1), (2, 2)])
def test_a_person_who_is_missing_in_one_frame_keeps_the_number_but_not_in_two(every_s, missing, number):
    tracker = tracker_for(replace(SETTINGS, every_s=every_s), FaceNumbers())
    seen = [Reading(Face((0, 0, 100, 100)), {"cnn": (1 / 7,) * 7})]
    frames = [seen, *([[]] * missing), seen]
    numbers = [[one.number for one in tracker.update(frame, n * every_s)] for n, frame in enumerate(frames)]
    assert numbers == [[1], *([[]] * missing), [number]]
