"""A wrong name in a list is reported, and the others are used; only an ensemble needs all of its models."""

import json
import shutil

import pytest

from core import paths
from core.__main__ import main
from core.benchmarks import composites, framing
from core.classifiers import loading
from core.commands.measure import bench
from core.commands.measure import framing as framing_command
from core.recognition import recognizer
from core.recognition.photos import example_photo
from core.vision import detectors
from tests.fixtures.fakes import FakeClassifier, FakeDetector


@pytest.fixture
def two_models(home):
    """A models folder with a shipped network and a damaged copy of it."""
    for name in ("cnn-seed", "damaged"):
        shutil.copytree(paths.ROOT / "models" / "cnn-seed", paths.MODELS_DIR / name)
    (paths.MODELS_DIR / "damaged" / "weights.safetensors").write_bytes(b"damaged")
    return home


def test_predict_uses_the_models_that_can_be_loaded(two_models, capsys):
    photo = two_models / "photo.png"
    photo.write_bytes(example_photo().data)
    models = [part for name in ("wrong", "cnn-seed", "damaged") for part in ("--model", name)]
    assert main(["predict", str(photo), "--whole-image", "--json", *models]) == 1
    output = capsys.readouterr()
    assert list(json.loads(output.out)["faces"][0]["models"]) == ["cnn-seed"]
    reasons = [line for line in output.err.splitlines() if line.startswith("Left out: ")]
    assert len(reasons) == 2 and "unknown model 'wrong'" in reasons[0] and "damaged" in reasons[1]


def test_without_any_usable_model_or_with_an_unknown_detector_nothing_is_predicted(two_models, capsys):
    for arguments, message in (
        (["--model", "wrong", "--model", "damaged"], "Error: unknown model 'wrong'; choose from cnn-seed, damaged."),
        (["--model", "cnn-seed", "--detector", "eyes"], "Error: unknown detector 'eyes'"),
    ):
        assert main(["predict", "photo.png", *arguments]) == 1
        output = capsys.readouterr()
        assert output.out == "" and output.err.startswith(message)


def test_bench_measures_the_models_that_can_be_loaded(two_models, capsys, monkeypatch):
    monkeypatch.setattr(bench, "use_one_thread", lambda: None)
    arguments = ["--model", "cnn-seed", "--model", "wrong", "--repeats", "1", "--detector", "haar", "--json"]
    assert main(["bench", *arguments]) == 1
    assert list(json.loads(capsys.readouterr().out)["batch_ms_per_face"]) == ["cnn-seed"]
    assert main(["bench", "--cards", "--repeats", "1", "--json"]) == 1
    output = capsys.readouterr()
    assert list(json.loads(output.out)["ms_per_face"]) == ["cnn-seed"] and "Left out: " in output.err


def test_bench_without_models_says_so(home, capsys):
    assert main(["bench", "--cards"]) == 1
    assert "there are no models yet" in capsys.readouterr().err


def test_detection_measures_the_detectors_that_exist(home, capsys, monkeypatch):
    monkeypatch.setattr(composites, "backgrounds", lambda part: [])
    monkeypatch.setattr(composites, "composites", lambda *_: [])
    measured = []

    def measure(detector, images, on_progress):
        import pandas as pd

        measured.append(detector)
        return pd.DataFrame({"condition": ["all", "hard"], "recall": [1.0, float("nan")]})

    monkeypatch.setattr("core.benchmarks.detection.measure", measure)
    assert main(["detection", "haar", "eyes", "haar-fast", "--json"]) == 1
    output = capsys.readouterr()
    rows = json.loads(output.out)
    assert [row["detector"] for row in rows] == ["haar", "haar", "haar-fast", "haar-fast"]
    assert rows[1]["recall"] is None  # JSON has no NaN
    assert "Left out: unknown detector 'eyes'" in output.err


@pytest.mark.parametrize("arguments", [["--pictures", "0"], ["--votes", "-1"], ["--seed", "-1"], ["--seed", "1" * 20]])
def test_detection_takes_only_possible_numbers(capsys, arguments):
    with pytest.raises(SystemExit) as stop:
        main(["detection", *arguments])
    assert stop.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_framing_leaves_out_a_detector_that_finds_no_face(imported, capsys, monkeypatch):
    shutil.copytree(paths.ROOT / "models" / "cnn-seed", paths.MODELS_DIR / "cnn-seed")
    fakes = {"finds": FakeDetector((60, 60, 130, 130)), "blind": FakeDetector()}
    monkeypatch.setattr(detectors, "make_detector", fakes.__getitem__)
    monkeypatch.setattr(loading, "load_classifier", lambda name: FakeClassifier())
    monkeypatch.setattr(framing, "MARGINS", (0.0,))
    arguments = ["framing", "cnn-seed", "--detector", "blind", "--detector", "finds", "--json"]
    assert main(arguments) == 1
    output = capsys.readouterr()
    results = json.loads(output.out)
    assert [row["detector"] for row in results["detectors"]] == ["finds"]
    assert "Left out: blind finds no face" in output.err
    assert framing_command.json_line(results)


@pytest.mark.parametrize("options", [["--stored"], []])
def test_an_ensemble_with_a_wrong_name_is_not_evaluated(two_models, capsys, options):
    assert main(["evaluate", "cnn-seed", "wrong", "--json", *options]) == 1
    output = capsys.readouterr()
    assert output.out == "" and "unknown model 'wrong'" in output.err


def test_a_model_that_is_named_twice_is_loaded_once(two_models, capsys, monkeypatch):
    loaded = []
    load = recognizer.load_recognizer
    monkeypatch.setattr(recognizer, "load_recognizer", lambda models, name: loaded.append(models) or load(models, name))
    assert main(["predict", "gone.png", "--model", "cnn-seed", "--model", "cnn-seed", "--detector", "haar"]) == 1
    assert loaded == [["cnn-seed"]]
