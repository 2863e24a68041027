"""`python -m core export`: the file predicts the same as `predict_proba`, and is only kept if this has been checked."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd
import pytest
import torch

from core import paths
from core.__main__ import main
from core.classifiers.calibrated import Calibrated
from core.classifiers.cnn.classifier import Cnn
from core.classifiers.cnn.config import CnnConfig
from core.classifiers.trees.pixels import CatBoost
from core.emotions import EMOTIONS
from core.exchange import onnx_out
from core.models import store
from tests.core.classifiers.test_families import SMALL as SMALL_CONFIGS
from tests.core.classifiers.test_families import silent_run, striped_faces

SMALL_CNN = CnnConfig(blocks=((4,), (8,)), hidden=8)
CARD = replace(store.read_card("cnn-seed"), name="small", recipe=asdict(SMALL_CNN))


def untrained_model(config: CnnConfig, temperature: float = 1.0) -> Calibrated:
    """Return an untrained `Cnn` with a temperature. The weights of its head are enlarged.

    With the initial weights, all faces would get almost the same probabilities, which would hide differences.
    """
    classifier = Cnn(config)
    with torch.no_grad():
        classifier.network.head[-1].weight.mul_(30)
    classifier.network = classifier.network  # rebuilds the predictor from the changed weights
    return Calibrated(classifier, temperature)


def files_in_working_folder() -> list[str]:
    return [path.name for path in Path().iterdir()]


def run_file(file: Path, faces: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return session.run(None, {"faces": faces})[0]


@pytest.fixture
def models(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Store a network `small` and a CatBoost model `trees`, and change to an empty working folder."""
    store.write_model(CARD, untrained_model(SMALL_CNN).classifier, pd.DataFrame(), pd.DataFrame())
    trees = CatBoost(SMALL_CONFIGS["catboost"])
    trees.fit(striped_faces(2), striped_faces(2, seed=1), silent_run(home / "runs"))
    card = replace(CARD, name="trees", family="catboost", recipe=asdict(SMALL_CONFIGS["catboost"]))
    store.write_model(card, trees, pd.DataFrame(), pd.DataFrame())
    (home / "work").mkdir()
    monkeypatch.chdir(home / "work")
    return home


@pytest.mark.parametrize(
    ("pooling", "halving", "mirror", "temperature"),
    [
        ("flatten", "max", False, 1.0),
        ("flatten", "max", True, 2.5),
        ("average", "max", False, 2.5),
        ("average", "average", True, 1.0),
    ],
)
def test_the_file_predicts_the_same_as_predict_proba(tmp_path, pooling, halving, mirror, temperature):
    model = untrained_model(replace(SMALL_CNN, pooling=pooling, halving=halving, mirror=mirror), temperature)
    file = tmp_path / "small.onnx"
    assert onnx_out.write_onnx(model, CARD, file) <= onnx_out.TOLERANCE
    assert list(tmp_path.iterdir()) == [file]  # the weights are in the file itself
    for n in (1, 5, 130):
        faces = striped_faces(19, seed=n).faces[-n:]  # n of 7 * 19 faces
        assert np.allclose(run_file(file, faces), model.predict_proba(faces), atol=1e-5)
    assert run_file(file, np.empty((0, 48, 48), np.uint8)).shape == (0, 7)


def test_a_residual_network_with_a_squares_stem_and_a_window_can_be_exported(tmp_path):
    config = replace(SMALL_CNN, blocks=((8, 8, 8), (8,)), residual=True, stem="squares", pooling="average", window=44)
    assert onnx_out.write_onnx(untrained_model(config), CARD, tmp_path / "small.onnx") <= onnx_out.TOLERANCE


def test_the_command_writes_one_file_named_after_the_model_and_prints_the_difference(models, capsys):
    assert main(["export", "small"]) == 0
    printed = capsys.readouterr()
    assert "small.onnx" in printed.out and "differ from torch's by at most" in printed.out
    assert printed.err == ""
    assert files_in_working_folder() == ["small.onnx"]


def test_the_file_describes_its_input_and_output_and_contains_the_card(models):
    assert main(["export", "small", "--format", "onnx", "--output", "new/folder/net.onnx"]) == 0
    session = onnxruntime.InferenceSession("new/folder/net.onnx", providers=["CPUExecutionProvider"])
    [faces], [probabilities] = session.get_inputs(), session.get_outputs()
    assert (faces.name, faces.type, faces.shape) == ("faces", "tensor(uint8)", ["batch", 48, 48])
    assert (probabilities.name, probabilities.type) == ("probabilities", "tensor(float)")
    assert probabilities.shape == ["batch", 7]
    metadata = session.get_modelmeta().custom_metadata_map
    assert json.loads(metadata["card"]) == json.loads((paths.MODELS_DIR / "small" / "card.json").read_text())
    assert tuple(json.loads(metadata["classes"])) == EMOTIONS
    assert "48" in metadata["input"]


def test_a_file_that_differs_from_the_model_is_removed_and_the_old_file_is_kept(models, monkeypatch, capsys):
    Path("small.onnx").write_text("old file")
    monkeypatch.setattr(onnx_out, "largest_difference", lambda model, file: 2e-4)
    assert main(["export", "small"]) == 1
    assert "differ from small's by up to 2.0e-04" in capsys.readouterr().err
    assert files_in_working_folder() == ["small.onnx"]
    assert Path("small.onnx").read_text() == "old file"


def test_a_file_with_another_temperature_differs_by_more_than_the_tolerance(tmp_path):
    model = untrained_model(SMALL_CNN)
    onnx_out.write_onnx(model, CARD, tmp_path / "small.onnx")
    assert onnx_out.largest_difference(replace(model, temperature=1.1), tmp_path / "small.onnx") > onnx_out.TOLERANCE


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["trees"], "omits the computing of features); choose from small."),
        (["smal"], "unknown model 'smal'"),
        (["small", "--format", "tflite"], "unknown format 'tflite'; choose from onnx."),
        (["small", "--output", "."], "is a folder; name a file in it, such as small.onnx."),
        (["small", "--output", "/dev/null/small.onnx"], "cannot be written"),
    ],
)
def test_impossible_exports_give_an_error_and_write_nothing(models, capsys, arguments, message):
    assert main(["export", *arguments]) == 1
    assert message in capsys.readouterr().err
    assert files_in_working_folder() == []


def test_the_error_names_missing_packages(models, monkeypatch, capsys):
    monkeypatch.setattr(onnx_out, "find_spec", lambda package: None if package == "onnxscript" else object())
    assert main(["export", "small"]) == 1
    assert "packages for the export are missing: onnxscript; run" in capsys.readouterr().err
