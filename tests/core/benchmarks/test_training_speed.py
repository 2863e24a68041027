"""`python -m core bench --training`: both methods do the same work, and the output has the documented form."""

import json
from dataclasses import asdict

import numpy as np
import pytest
import torch

from core.__main__ import main
from core.benchmarks import feature_speed, training_speed
from core.classifiers.base import LabelledFaces, TrainedModel
from core.classifiers.cnn.config import Augmentation, CnnConfig
from core.commands.measure import bench
from core.training.recipes import RECIPES, Recipe

PLAIN = CnnConfig(blocks=((4,), (8,)), hidden=8, batch_size=16)
AUGMENTED = CnnConfig(
    blocks=((4,), (8,)), pooling="average", hidden=0, batch_size=16, augmentation=Augmentation(flip=0.5, erasing=0.5)
)
METHODS = [training_speed.notebook_method, training_speed.ferscope_method]


def numbered_faces(n: int) -> LabelledFaces:
    """Return n faces; all pixels of face i have gray level i, and its class id is i % 7."""
    levels = np.arange(n)
    return LabelledFaces(np.tile(levels[:, None, None], (1, 48, 48)).astype(np.uint8), levels % 7)


@pytest.fixture
def quick(monkeypatch):
    """Use two small recipes and very short measurements."""
    networks = {"plain": Recipe("cnn", PLAIN), "augmented": Recipe("cnn", AUGMENTED)}
    monkeypatch.setattr(training_speed, "RECIPES", {**networks, "trees": RECIPES["catboost-seed"]})
    monkeypatch.setattr(training_speed, "WARM_UP_SECONDS", 0)
    monkeypatch.setattr(training_speed, "SYNTHETIC", 40)
    monkeypatch.setattr(bench, "TURN_SECONDS", 0.01)
    monkeypatch.setattr(bench, "FEATURE_FACES", 8)


@pytest.mark.parametrize("make_method", METHODS)
def test_both_methods_yield_every_image_with_its_label(make_method):
    method = make_method(PLAIN, numbered_faces(48), Augmentation())
    batches = [next(method.batches) for _ in range(3)]
    inputs, labels = (torch.cat(parts).cpu() for parts in zip(*batches, strict=True))
    assert inputs.shape == (48, 1, 48, 48) and inputs.dtype == torch.float32
    levels = (inputs[:, 0, 0, 0] * 255).round().long()
    assert sorted(levels.tolist()) == list(range(48))
    assert torch.equal(labels, levels % 7)
    next(method.batches)  # starts another epoch


@pytest.mark.parametrize("make_method", METHODS)
def test_both_methods_augment_and_crop_to_the_window(make_method):
    config = CnnConfig(blocks=((4,),), pooling="average", hidden=0, batch_size=16, window=44)
    data = numbered_faces(16)
    plain, _ = next(make_method(config, data, Augmentation()).batches)
    augmented, _ = next(make_method(config, data, Augmentation(crop=44, brightness=0.5)).batches)
    assert plain.shape == augmented.shape == (16, 1, 44, 44)
    levels = (augmented * 255).reshape(16, -1)
    assert (levels - levels.round()).abs().max() > 0.01


def test_both_methods_start_with_the_same_weights():
    notebook, ferscope = (make_method(PLAIN, numbered_faces(16), Augmentation()) for make_method in METHODS)
    convolution = "features.0.weight"
    assert notebook.network.state_dict()[convolution].is_contiguous()
    for name, weights in notebook.network.state_dict().items():
        if "running" not in name and "tracked" not in name:  # choosing the precision updates the batch statistics
            assert torch.equal(weights, ferscope.network.state_dict()[name])
    assert notebook.precision == torch.float32


def test_speeds_are_medians_and_the_ratio_is_that_of_the_medians(monkeypatch):
    speeds = iter([0, 0, 10, 30, 20, 50, 40, 60])  # two for the warm-up, then three pairs
    monkeypatch.setattr(training_speed, "images_per_second", lambda method, seconds: next(speeds))
    figures = training_speed.compare(PLAIN, numbered_faces(32), 3, 1.0)
    assert figures["training"] == {
        "plain": {"seed_images_per_s": 20, "images_per_s": 50, "ratio": 2.5, "ratio_range": [1.5, 3]}
    }
    assert figures["batch_size"] == 16 and figures["repeats"] == 3


def test_a_batch_is_never_larger_than_the_data():
    assert training_speed.compare(PLAIN, numbered_faces(5), 1, 0)["batch_size"] == 5


def test_json_output_without_a_data_set_or_models(home, quick, capsys):
    assert main(["bench", "--training", "--recipe", "augmented", "--repeats", "2", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["recipe"] == "augmented" and figures["faces"] == "synthetic" and figures["repeats"] == 2
    assert list(figures["training"]) == ["augmented", "plain"]
    for row in figures["training"].values():
        assert row["ratio"] == pytest.approx(row["images_per_s"] / row["seed_images_per_s"])
        assert row["ratio_range"][0] <= row["ratio_range"][1]
    assert figures["features_images_per_s"] == {}


def test_table_output_on_the_imported_faces(imported, quick, capsys):
    assert main(["bench", "--training", "--recipe", "plain", "--repeats", "1"]) == 0
    out = capsys.readouterr().out
    assert "plain images" in out and "augmented" not in out
    assert "imported faces" in out and "channels last" in out


def test_only_recipes_of_networks_are_compared(home, quick, capsys):
    assert main(["bench", "--training", "--recipe", "trees"]) == 1
    assert "unknown recipe of a network 'trees'; choose from plain, augmented." in capsys.readouterr().err


def test_the_default_recipe_has_the_notebook_projects_network():
    fields = ("blocks", "stem", "residual", "pooling", "hidden", "dropout")
    default = asdict(training_speed.network_recipe(bench.DEFAULT_RECIPE))
    assert {field: default[field] for field in fields} == {field: asdict(CnnConfig())[field] for field in fields}


def test_extractors_cover_the_models_that_compute_features(monkeypatch):
    class Featured:
        def features(self, faces):
            return faces.mean(axis=(1, 2))

    monkeypatch.setattr(feature_speed, "load_trained", lambda name: TrainedModel(Featured(), ""))
    found = feature_speed.extractors()
    assert set(found) == {"catboost", "catboost-on-cnn", "catboost-seed"}
    assert found["catboost-seed"](np.ones((2, 48, 48), np.uint8)).tolist() == [1, 1]


def test_the_extraction_speed_is_positive():
    extract = feature_speed.extractors()["catboost-seed"]
    assert feature_speed.extraction_speed(extract, numbered_faces(4).faces, 2, 0.001) > 0
