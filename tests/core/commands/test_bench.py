"""`python -m core bench`: the form of its output, since the figures depend on the machine."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from core import paths
from core.__main__ import main
from core.benchmarks import video_speed
from core.commands.measure import bench
from core.models import store
from core.recognition import recognizer
from core.recognition.recognizer import Recognizer
from core.video import stream
from tests.fixtures.fakes import FakeClassifier, FakeDetector


@pytest.fixture(autouse=True)
def fakes(monkeypatch):
    def load(models, name):
        return Recognizer(FakeDetector((176, 66, 272, 162)), {model: FakeClassifier() for model in models})

    monkeypatch.setattr(recognizer, "load_recognizer", load)
    monkeypatch.setattr(bench, "use_one_thread", lambda: None)


def test_json_names_every_stage(capsys):
    assert main(["bench", "--model", "cnn", "--model", "trees", "--repeats", "3", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert list(figures["stages"]) == ["decode", "detect", "crop", "classify cnn", "classify trees", "draw"]
    assert all(0 < times["median_ms"] <= times["p95_ms"] for times in figures["stages"].values())
    assert figures["images_per_s"] > 0
    assert list(figures["batch_ms_per_face"]) == ["cnn", "trees"]
    assert all(ms > 0 for ms in figures["batch_ms_per_face"].values())


def test_summary_has_medians_and_the_speed_of_the_median_round():
    rounds = [{"decode": 1.0, "detect": 9.0}, {"decode": 2.0, "detect": 18.0}, {"decode": 3.0, "detect": 57.0}]
    figures = bench.summarize(rounds)
    assert figures["stages"]["decode"]["median_ms"] == 2
    assert figures["stages"]["detect"]["p95_ms"] == pytest.approx(18 + 0.9 * 39)
    assert figures["images_per_s"] == 50  # the middle round took 20 ms


def test_table(capsys):
    assert main(["bench", "--repeats", "1"]) == 0
    out = capsys.readouterr().out
    assert "classify cnn" in out
    assert "images per second" in out
    assert "in batches of 64 faces" in out


@pytest.mark.parametrize("repeats", ["0", "-1", "many"])
def test_bad_repeats_are_refused(repeats, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["bench", "--repeats", repeats])
    assert stop.value.code == 2
    assert "--repeats" in capsys.readouterr().err


def test_video_separates_frames_with_and_without_a_search(capsys, monkeypatch):
    class Following(FakeDetector):
        """Search in every fourth frame."""

        frames = 0
        searched = False

        def detect(self, image):
            self.frames += 1
            self.searched = self.frames % 4 == 0
            return super().detect(image)

    monkeypatch.setattr(stream, "make_video_detector", lambda *_: Following((176, 66, 272, 162)))
    monkeypatch.setattr(video_speed, "load_classifier", lambda name: FakeClassifier())
    assert main(["bench", "--video", "--model", "cnn", "--model", "trees", "--repeats", "8", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    chosen = figures["chosen"]
    assert (chosen["steady"]["frames"], chosen["search"]["frames"], chosen["one_face_found"]) == (6, 2, 8)
    assert list(chosen["steady"]["stages_ms"]) == ["detect", "classify cnn", "classify trees", "draw"]
    assert figures["seed"]["models"] == ["cnn-seed", "catboost-seed"]
    assert main(["bench", "--video", "--repeats", "4"]) == 0
    assert "found exactly one face in 4 of 4 frames" in capsys.readouterr().out


def test_portrait_video_moves():
    frames = list(video_speed.portrait_video(3))
    assert [frame.shape for frame in frames] == [(480, 640, 3)] * 3
    assert not np.array_equal(frames[0], frames[2])


def test_cards_get_the_times_of_one_sitting(home, capsys):
    for name in ("cnn-seed", "catboost-seed"):
        shutil.copytree(paths.ROOT / "models" / name, paths.MODELS_DIR / name)
    before = store.read_card("cnn-seed")
    assert main(["bench", "--cards", "--repeats", "1", "--json"]) == 0
    times = json.loads(capsys.readouterr().out)["ms_per_face"]
    assert list(times) == ["catboost-seed", "cnn-seed"]
    for name, ms in times.items():
        assert store.read_card(name).ms_per_face == round(ms, 3) > 0
    assert replace(store.read_card("cnn-seed"), ms_per_face=before.ms_per_face) == before
