"""`python -m core bench --training`: what is compared is the same, and the form of its figures."""

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
TWO_WAYS = [training_speed.seeds_way, training_speed.our_way]


def numbered_faces(n: int) -> LabelledFaces:
    """Face i is all gray level i and has the label i % 7."""
    levels = np.arange(n)
    return LabelledFaces(np.tile(levels[:, None, None], (1, 48, 48)).astype(np.uint8), levels % 7)


@pytest.fixture
def quick(monkeypatch):
    """Two small recipes and next to no time."""
    networks = {"plain": Recipe("cnn", PLAIN), "augmented": Recipe("cnn", AUGMENTED)}
    monkeypatch.setattr(training_speed, "RECIPES", {**networks, "trees": RECIPES["catboost-seed"]})
    monkeypatch.setattr(training_speed, "WARM_UP_SECONDS", 0)
    monkeypatch.setattr(training_speed, "SYNTHETIC", 40)
    monkeypatch.setattr(bench, "TURN_SECONDS", 0.01)
    monkeypatch.setattr(bench, "FEATURE_FACES", 8)


@pytest.mark.parametrize("make", TWO_WAYS)
def test_both_ways_go_through_every_image_with_its_label(make):
    way = make(PLAIN, numbered_faces(48), Augmentation())
    batches = [next(way.batches) for _ in range(3)]
    inputs, labels = (torch.cat(parts).cpu() for parts in zip(*batches, strict=True))
    assert inputs.shape == (48, 1, 48, 48) and inputs.dtype == torch.float32
    levels = (inputs[:, 0, 0, 0] * 255).round().long()
    assert sorted(levels.tolist()) == list(range(48))
    assert torch.equal(labels, levels % 7)
    next(way.batches)  # another epoch follows


@pytest.mark.parametrize("make", TWO_WAYS)
def test_both_ways_augment_and_cut_to_the_window(make):
    config = CnnConfig(blocks=((4,),), pooling="average", hidden=0, batch_size=16, window=44)
    data = numbered_faces(16)
    plain, _ = next(make(config, data, Augmentation()).batches)
    changed, _ = next(make(config, data, Augmentation(crop=44, brightness=0.5)).batches)
    assert plain.shape == changed.shape == (16, 1, 44, 44)
    levels = (changed * 255).reshape(16, -1)
    assert (levels - levels.round()).abs().max() > 0.01


def test_the_networks_differ_in_nothing_but_their_form():
    seeds, ours = (make(PLAIN, numbered_faces(16), Augmentation()) for make in TWO_WAYS)
    convolution = "features.0.weight"
    assert seeds.network.state_dict()[convolution].is_contiguous()
    for name, weights in seeds.network.state_dict().items():
        if "running" not in name and "tracked" not in name:  # the trial of precisions moved the statistics
            assert torch.equal(weights, ours.network.state_dict()[name])
    assert seeds.precision == torch.float32


def test_speeds_are_medians_and_the_ratio_is_of_them(monkeypatch):
    speeds = iter([0, 0, 10, 30, 20, 50, 40, 60])  # two to warm up, then three turns of both ways
    monkeypatch.setattr(training_speed, "images_per_second", lambda way, seconds: next(speeds))
    figures = training_speed.compare(PLAIN, numbered_faces(32), 3, 1.0)
    assert figures["training"] == {
        "plain": {"seed_images_per_s": 20, "images_per_s": 50, "ratio": 2.5, "ratio_range": [1.5, 3]}
    }
    assert figures["batch_size"] == 16 and figures["repeats"] == 3


def test_a_batch_is_never_larger_than_the_data():
    assert training_speed.compare(PLAIN, numbered_faces(5), 1, 0)["batch_size"] == 5


def test_json_without_a_data_set_or_models(home, quick, capsys):
    assert main(["bench", "--training", "--recipe", "augmented", "--repeats", "2", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["recipe"] == "augmented" and figures["faces"] == "synthetic" and figures["repeats"] == 2
    assert list(figures["training"]) == ["augmented", "plain"]
    for row in figures["training"].values():
        assert row["ratio"] == pytest.approx(row["images_per_s"] / row["seed_images_per_s"])
        assert row["ratio_range"][0] <= row["ratio_range"][1]
    assert figures["features_images_per_s"] == {}


def test_a_table_for_people_on_the_imported_faces(imported, quick, capsys):
    assert main(["bench", "--training", "--recipe", "plain", "--repeats", "1"]) == 0
    out = capsys.readouterr().out
    assert "plain images" in out and "augmented" not in out
    assert "imported faces" in out and "channels last" in out


def test_only_recipes_of_networks_are_compared(home, quick, capsys):
    assert main(["bench", "--training", "--recipe", "trees"]) == 1
    assert "unknown recipe of a network 'trees'; choose from plain, augmented." in capsys.readouterr().err


def test_the_default_recipe_is_the_seeds_network():
    fields = ("blocks", "stem", "residual", "pooling", "hidden", "dropout")
    default = asdict(training_speed.network_recipe(bench.DEFAULT_RECIPE))
    assert {field: default[field] for field in fields} == {field: asdict(CnnConfig())[field] for field in fields}


def test_features_are_those_of_the_models_that_have_any(monkeypatch):
    class Featured:
        def features(self, faces):
            return faces.mean(axis=(1, 2))

    monkeypatch.setattr(feature_speed, "load_trained", lambda name: TrainedModel(Featured(), ""))
    found = feature_speed.extractors()
    assert set(found) == {"catboost", "catboost-on-cnn", "catboost-seed"}
    assert found["catboost-seed"](np.ones((2, 48, 48), np.uint8)).tolist() == [1, 1]


def test_trees_on_pixels_extract_pixels():
    extract = feature_speed.extractors()["catboost-seed"]
    assert feature_speed.extraction_speed(extract, numbered_faces(4).faces, 2, 0.001) > 0
