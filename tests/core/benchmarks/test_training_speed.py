"""The two training methods, the output of `python -m core bench --training`, and the speed of feature extraction."""

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
    """Replace the recipes by those of two small networks and one CatBoost model; make all measurements very short."""
    networks = {"plain": Recipe("cnn", PLAIN), "augmented": Recipe("cnn", AUGMENTED)}
    monkeypatch.setattr(training_speed, "RECIPES", {**networks, "trees": RECIPES["catboost-seed"]})
    monkeypatch.setattr(training_speed, "WARM_UP_SECONDS", 0)
    monkeypatch.setattr(training_speed, "SYNTHETIC_FACES", 40)
    monkeypatch.setattr(bench, "RUN_SECONDS", 0.01)
    monkeypatch.setattr(bench, "FEATURE_FACES", 8)


@pytest.mark.parametrize("make_method", METHODS)
def test_both_methods_yield_every_image_with_its_label_once_per_epoch(make_method):
    method = make_method(PLAIN, numbered_faces(48), Augmentation())
    batches = [next(method.batches) for _ in range(3)]
    inputs, labels = (torch.cat(parts).cpu() for parts in zip(*batches, strict=True))
    assert inputs.shape == (48, 1, 48, 48) and inputs.dtype == torch.float32
    levels = (inputs[:, 0, 0, 0] * 255).round().long()
    assert sorted(levels.tolist()) == list(range(48))
    assert torch.equal(labels, levels % 7)
    next(method.batches)  # the batches do not end with the epoch


@pytest.mark.parametrize("make_method", METHODS)
def test_both_methods_augment_and_crop_to_the_window(make_method):
    config = CnnConfig(blocks=((4,),), pooling="average", hidden=0, batch_size=16, window=44)
    data = numbered_faces(16)
    plain, _ = next(make_method(config, data, Augmentation()).batches)
    augmented, _ = next(make_method(config, data, Augmentation(crop=44, brightness=0.5)).batches)
    assert plain.shape == augmented.shape == (16, 1, 44, 44)
    levels = (augmented * 255).reshape(16, -1)
    assert (levels - levels.round()).abs().max() > 0.01  # gray levels are whole numbers without augmentation


def test_both_methods_start_with_the_same_weights():
    notebook, ferscope = (make_method(PLAIN, numbered_faces(16), Augmentation()) for make_method in METHODS)
    for name, weights in notebook.network.state_dict().items():
        if (
            "running" not in name and "tracked" not in name
        ):  # FERscope changes these statistics when it tries out both precisions
            assert torch.equal(weights, ferscope.network.state_dict()[name])


def test_the_notebook_projects_method_uses_float32_in_channels_first_format():
    method = training_speed.notebook_method(PLAIN, numbered_faces(16), Augmentation())
    assert method.network.state_dict()["features.0.weight"].is_contiguous()
    assert method.precision == torch.float32


def test_compare_gives_the_median_speeds_and_their_ratio_and_the_range_of_the_ratios_of_all_repeats(monkeypatch):
    # After two warm-up runs, three repeats: the speed of the notebook project's method, then that of FERscope's.
    speeds = iter([0, 0, 10, 30, 20, 50, 40, 60])
    monkeypatch.setattr(training_speed, "images_per_second", lambda method, seconds: next(speeds))
    results = training_speed.compare(PLAIN, numbered_faces(32), 3, 1.0)
    assert results["training"] == {
        "plain": {"seed_images_per_s": 20, "images_per_s": 50, "ratio": 2.5, "ratio_range": [1.5, 3]}
    }
    assert results["batch_size"] == 16 and results["repeats"] == 3


def test_the_batch_size_is_never_larger_than_the_number_of_images():
    assert training_speed.compare(PLAIN, numbered_faces(5), 1, 0)["batch_size"] == 5


def test_json_output_without_a_data_set_or_models(home, quick, capsys):
    assert main(["bench", "--training", "--recipe", "augmented", "--repeats", "2", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["recipe"] == "augmented" and printed["faces"] == "synthetic" and printed["repeats"] == 2
    assert list(printed["training"]) == ["augmented", "plain"]
    for row in printed["training"].values():
        assert row["ratio"] == pytest.approx(row["images_per_s"] / row["seed_images_per_s"])
        assert row["ratio_range"][0] <= row["ratio_range"][1]
    assert printed["features_images_per_s"] == {}


def test_text_output_names_the_imported_faces_and_omits_augmented_images_for_a_plain_recipe(imported, quick, capsys):
    assert main(["bench", "--training", "--recipe", "plain", "--repeats", "1"]) == 0
    out = capsys.readouterr().out
    assert "plain images" in out and "augmented" not in out
    assert "imported faces" in out and "channels last" in out


def test_a_recipe_of_trees_is_refused(home, quick, capsys):
    assert main(["bench", "--training", "--recipe", "trees"]) == 1
    assert "unknown network recipe 'trees'; choose from plain, augmented." in capsys.readouterr().err


def test_the_default_recipe_has_the_notebook_projects_network():
    fields = ("blocks", "stem", "residual", "pooling", "hidden", "dropout")
    recipe = asdict(training_speed.network_recipe(bench.DEFAULT_RECIPE))
    notebook = asdict(CnnConfig())  # the default values describe the notebook project's network
    assert {field: recipe[field] for field in fields} == {field: notebook[field] for field in fields}


def test_extractors_cover_the_models_that_compute_features(monkeypatch):
    class FeatureClassifier:
        def features(self, faces):
            return faces.mean(axis=(1, 2))

    monkeypatch.setattr(feature_speed, "load_trained", lambda name: TrainedModel(FeatureClassifier(), ""))
    functions = feature_speed.extractors()
    assert set(functions) == {"catboost", "catboost-on-cnn", "catboost-seed"}
    assert functions["catboost-seed"](np.ones((2, 48, 48), np.uint8)).tolist() == [1, 1]


def test_the_extraction_speed_is_positive():
    extract = feature_speed.extractors()["catboost-seed"]
    assert feature_speed.extraction_speed(extract, numbered_faces(4).faces, 2, 0.001) > 0
