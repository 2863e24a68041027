"""The output of `python -m core bench`. Times depend on the machine, so mainly keys, counts and texts are checked."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from core import paths
from core.__main__ import main
from core.benchmarks import film_speed, video_speed
from core.classifiers import loading
from core.commands.measure import bench
from core.models import store
from core.recognition import recognizer
from core.recognition.recognizer import Recognizer
from core.video import stream
from core.video.example import portrait_video
from core.vision.detectors.defaults import default_detector
from tests.fixtures.fakes import FakeClassifier, FakeDetector


@pytest.fixture(autouse=True)
def fakes(monkeypatch):
    """Replace the detector and the models by fakes, and leave the number of threads unchanged."""

    def load(models, name):
        return Recognizer(FakeDetector((176, 66, 272, 162)), {model: FakeClassifier() for model in models})

    monkeypatch.setattr(recognizer, "load_recognizer", load)
    monkeypatch.setattr(bench, "use_one_thread", lambda: None)


def test_json_has_times_of_every_stage_and_of_batches(capsys):
    assert main(["bench", "--model", "cnn", "--model", "trees", "--repeats", "3", "--json"]) == 0
    results = json.loads(capsys.readouterr().out)
    assert list(results["stages"]) == ["decode", "detect", "crop", "classify cnn", "classify trees", "draw"]
    assert all(0 < times["median_ms"] <= times["p95_ms"] for times in results["stages"].values())
    assert results["images_per_s"] > 0
    assert list(results["batch_ms_per_face"]) == ["cnn", "trees"]
    assert all(ms > 0 for ms in results["batch_ms_per_face"].values())


def test_summary_has_medians_and_percentiles_and_the_speed_of_the_median_round():
    rounds = [{"decode": 1.0, "detect": 9.0}, {"decode": 2.0, "detect": 18.0}, {"decode": 3.0, "detect": 57.0}]
    summary = bench.summarize(rounds)
    assert summary["stages"]["decode"]["median_ms"] == 2
    assert summary["stages"]["detect"]["p95_ms"] == pytest.approx(18 + 0.9 * (57 - 18))  # interpolated
    assert summary["images_per_s"] == 50  # the median round took 20 ms


def test_without_json_stages_and_speeds_are_printed(capsys):
    assert main(["bench", "--repeats", "1"]) == 0
    out = capsys.readouterr().out
    assert "classify cnn" in out
    assert "images per second" in out
    assert "in batches of 64 faces" in out


@pytest.mark.parametrize("repeats", ["0", "-1", "many"])
def test_repeats_must_be_a_positive_whole_number(repeats, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["bench", "--repeats", repeats])
    assert stop.value.code == 2
    assert "--repeats" in capsys.readouterr().err


def test_video_option_times_frames_with_a_search_apart_from_frames_without_one(capsys, monkeypatch):
    class SearchingDetector(FakeDetector):
        """Report a search in every fourth frame."""

        frames = 0
        searched = False

        def detect(self, image):
            self.frames += 1
            self.searched = self.frames % 4 == 0
            return super().detect(image)

    monkeypatch.setattr(stream, "make_video_detector", lambda *_: SearchingDetector((176, 66, 272, 162)))
    for module in (video_speed, loading):
        monkeypatch.setattr(module, "load_classifier", lambda name: FakeClassifier())
    assert main(["bench", "--video", "--model", "cnn", "--model", "trees", "--repeats", "8", "--json"]) == 0
    results = json.loads(capsys.readouterr().out)
    chosen = results["chosen"]
    assert (chosen["steady"]["frames"], chosen["search"]["frames"], chosen["one_face_found"]) == (6, 2, 8)
    assert list(chosen["steady"]["stages_ms"]) == ["detect", "classify cnn", "classify trees", "draw"]
    assert results["seed"]["models"] == ["cnn-seed", "catboost-seed"]
    assert chosen["detector"] == default_detector(video=True) and chosen["resident_mb"] is None
    assert main(["bench", "--video", "--repeats", "4"]) == 0
    assert "found exactly one face in 4 of 4 frames" in capsys.readouterr().out


def test_video_option_alone_leaves_out_the_notebook_project_and_measures_the_memory_of_long_videos(capsys, monkeypatch):
    monkeypatch.setattr(stream, "make_video_detector", lambda *_: FakeDetector((176, 66, 272, 162)))
    for module in (video_speed, loading):
        monkeypatch.setattr(module, "load_classifier", lambda name: FakeClassifier())
    monkeypatch.setattr(video_speed, "MEMORY_FRAMES", 2)
    monkeypatch.setattr(video_speed, "resident_mb", lambda: 123.0)
    arguments = ["bench", "--video", "--alone", "--detector", "haar", "--repeats", "4"]
    assert main([*arguments, "--json"]) == 0
    results = json.loads(capsys.readouterr().out)
    assert list(results) == ["chosen"]
    assert (results["chosen"]["detector"], results["chosen"]["resident_mb"]) == ("haar", [123.0, 123.0])
    assert main(arguments) == 0
    assert "Memory in MB after 500 frames and at the end: 123.0, 123.0." in capsys.readouterr().out


def test_portrait_video_has_different_frames_of_640_x_480_pixels():
    frames = list(portrait_video(3))
    assert [frame.shape for frame in frames] == [(480, 640, 3)] * 3
    assert not np.array_equal(frames[0], frames[2])


def test_cards_option_stores_the_printed_times_and_changes_nothing_else_in_a_card(home, capsys):
    for name in ("cnn-seed", "catboost-seed"):
        shutil.copytree(paths.ROOT / "models" / name, paths.MODELS_DIR / name)
    before = store.read_card("cnn-seed")
    assert main(["bench", "--cards", "--repeats", "1", "--json"]) == 0
    times = json.loads(capsys.readouterr().out)["ms_per_face"]
    assert list(times) == ["catboost-seed", "cnn-seed"]
    for name, ms in times.items():
        assert store.read_card(name).ms_per_face == round(ms, 3) > 0
    assert replace(store.read_card("cnn-seed"), ms_per_face=before.ms_per_face) == before


def test_film_option_compares_films_with_webcam_frames(capsys, monkeypatch):
    for module in (film_speed, loading):
        monkeypatch.setattr(module, "load_classifier", lambda name: FakeClassifier())
    assert main(["bench", "--film", "--detector", "haar", "--repeats", "4", "--model", "cnn", "--json"]) == 0
    results = json.loads(capsys.readouterr().out)
    assert (results["models"], results["detector"], results["frames"]) == (["cnn"], "haar", 4)
    speeds = results["frames_per_s"]
    assert set(speeds) == {film_speed.WEBCAM, film_speed.TABLE_ONLY, film_speed.WITH_FILM}
    assert results["share_of_webcam"] == {way: speed / speeds[film_speed.WEBCAM] for way, speed in speeds.items()}
    assert main(["bench", "--film", "--detector", "haar", "--repeats", "4"]) == 0
    assert "film, with annotated film" in capsys.readouterr().out
