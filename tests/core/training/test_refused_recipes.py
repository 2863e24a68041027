"""A recipe that cannot be trained is refused in a sentence, before anything is written."""

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import paths
from core.__main__ import main
from core.classifiers.cnn.config import CnnConfig, check_config
from core.classifiers.configs import check_limits
from core.classifiers.trees.handmade import HandmadeTreesConfig
from core.classifiers.trees.pixels import CatBoostConfig
from core.commands.models.train import apply_assignments
from core.exceptions import LONGEST_MESSAGE, InputError
from core.models import folders
from core.training import train as training
from core.training.recipes import RECIPES

SMALL = ["--set", "blocks=[[4],[4]]", "--set", "hidden=0", "--set", "epochs=[1]", "--set", "learning_rates=[0.01]"]

WORDS = 'features={"gradient_words": 8, "patch_words": 8, '

REFUSED = {
    "cnn-seed": (
        "epochs=[-1]",
        "epochs=[0]",
        "epochs=[1000000000]",
        "learning_rates=[-0.1]",
        "learning_rates=[NaN]",
        "learning_rates=[1e999]",
        "batch_size=1",
        "dropout=1",
        "dropout=" + "9" * 400,
        "weight_decay=-1",
        "label_smoothing=2",
        "weight_averaging=1",
        "mixup=-Infinity",
        "sharpness=NaN",
        "seed=-1",
        "seed=100000000000000000000000",
        "views=-2",
        "hidden=-1",
        "hidden=1000000000",
        "blocks=[[4],[4],[4],[4],[4],[4]]",
        "blocks=[[1000000000]]",
        "blocks=[[2048,2048,2048,2048]]",
        "blocks=" + "[" * 100_000,
        'augmentation={"scale": 1}',
        'augmentation={"flip": NaN}',
        'augmentation={"crop": -1}',
        'teachers=["cnn-seed"]',
        "start=cnn-seed",
    ),
    "cnn-teacher-1": ("window=41", 'augmentation={"crop": 41}', "window=4"),
    "catboost-seed": ("depth=0", "iterations=0", "learning_rate=-1", "border_count=0", "early_stop=0", "seed=-1"),
    "catboost": (
        WORDS + '"parts": 0}',
        WORDS + '"cell": 20}',
        WORDS + '"threshold": NaN}',
        WORDS + '"shrinkage": 0}',
        'features={"gradient_words": 5000, "parts": 8}',
        'features={"gradient_words": 8, "patch_words": 1000, "patch_stride": 24}',
    ),
    "catboost-on-cnn": ("network=nobody", "depth=99"),
}


@pytest.mark.case("c5")
@pytest.mark.parametrize(("recipe", "assignment"), [(name, text) for name, texts in REFUSED.items() for text in texts])
def test_a_refused_recipe_leaves_no_folder_behind(imported, capsys, recipe, assignment):
    assert main(["train", recipe, "--as", "x", "--set", assignment]) == 1
    (message,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Error: ")]
    assert len(message) <= LONGEST_MESSAGE + len("Error: ")
    assert list(paths.RUNS_DIR.iterdir()) == folders.model_names() == []


@pytest.mark.case("c5")
@pytest.mark.parametrize("assignment", ["epochs=[-1]", "blocks=[[4],[4],[4],[4],[4],[4]]", "start=small"])
def test_a_corrected_recipe_can_be_trained_under_the_same_name(imported, capsys, assignment):
    assert main(["train", "cnn-seed", "--as", "small", *SMALL]) == 0
    different = ["--set", "blocks=[[5]]", "--set", assignment]  # its weights do not fit those of `small`
    assert main(["train", "cnn-seed", "--as", "x", *SMALL, *different]) == 1
    assert list(paths.RUNS_DIR.iterdir()) == []
    assert main(["train", "cnn-seed", "--as", "x", *SMALL]) == 0
    assert folders.model_names() == ["small", "x"]


@pytest.mark.case("c5")
def test_a_refusal_keeps_the_checkpoints_of_a_stopped_run(imported, monkeypatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    def refuse(*_: object) -> None:
        raise InputError("refused")

    monkeypatch.setattr(training, "_fit", stop)
    assert main(["train", "cnn-seed", "--as", "x", *SMALL]) == 130
    (paths.RUNS_DIR / "x" / "epoch-0001.json").write_text("{}")
    monkeypatch.setattr(training, "_fit", refuse)
    assert main(["train", "cnn-seed", "--as", "x", *SMALL]) == 1
    assert sorted(path.name for path in (paths.RUNS_DIR / "x").iterdir()) == ["epoch-0001.json", "origin.json"]


@pytest.mark.parametrize("content", ["[" * 100_000, "nan", "\ud7ff" * 5, "{}" * 600_000, '{"a": NaN}'])
def test_a_damaged_record_of_a_stopped_run_says_to_delete_its_folder(imported, capsys, content):
    (paths.RUNS_DIR / "x").mkdir()
    (paths.RUNS_DIR / "x" / "origin.json").write_text(content, encoding="utf-8")
    assert main(["train", "cnn-seed", "--as", "x", *SMALL]) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("Error: ")


@pytest.mark.parametrize("seconds", ["nan", "-5", "inf", "x", "1e400"])
def test_a_damaged_time_of_a_stopped_run_counts_as_none(tmp_path, seconds):
    (tmp_path / "seconds.txt").write_text(seconds)
    assert 0 <= training._Stopwatch(tmp_path / "seconds.txt").seconds < 60


def test_a_folder_that_is_no_model_is_never_replaced(imported, capsys):
    (paths.MODELS_DIR / "notes").mkdir()
    (paths.MODELS_DIR / "notes" / "file").touch()
    assert main(["train", "cnn-seed", "--as", "notes", *SMALL]) == 1
    assert "models/notes exists and is not a model" in capsys.readouterr().err
    assert (paths.MODELS_DIR / "notes" / "file").exists()


@pytest.mark.parametrize("name", ["detectors", "guests"])
def test_a_model_cannot_have_the_name_of_a_folder_for_other_files(imported, capsys, name):
    assert main(["train", "cnn-seed", "--as", name, *SMALL]) == 1
    assert f"models/{name} is a folder for other files" in capsys.readouterr().err
    assert not (paths.MODELS_DIR / name).exists()


@pytest.mark.parametrize("name", ["x" * 61, "-x", "X", "ä", "a/b", "a\nb", "..", "[x]"])
def test_a_name_that_a_model_cannot_have_is_refused(imported, capsys, name):
    assert main(["train", "cnn-seed", f"--as={name}", *SMALL]) == 1
    assert "is not a valid model name" in capsys.readouterr().err
    assert list(paths.RUNS_DIR.iterdir()) == folders.model_names() == []


@pytest.mark.parametrize("name", RECIPES)
def test_the_recipes_that_ship_are_within_their_limits(name):
    check_limits(RECIPES[name].config)


@pytest.mark.parametrize("config_type", [CnnConfig, CatBoostConfig, HandmadeTreesConfig])
def test_limits_are_those_of_numbers_of_the_config(config_type):
    names = {field.name for field in fields(config_type)}
    assert {name.partition(".")[0] for name in config_type.LIMITS} <= names


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=6,
)
numbers = st.integers(-2, 100) | st.floats(-2, 100) | st.sampled_from([float("nan"), float("inf"), 10**30, 1e308])
blocks = st.lists(st.lists(st.integers(-1, 40) | st.just(10**9), max_size=3), max_size=8)
values = json_values | numbers | st.lists(numbers, max_size=3) | blocks


@pytest.mark.property
@given(st.data())
def test_random_recipes_are_refused_with_a_short_message_or_can_be_built(data):
    recipe = data.draw(st.sampled_from(["cnn-seed", "cnn-teacher-1", "catboost-seed", "catboost"]))
    config = RECIPES[recipe].config
    names = st.sampled_from([field.name for field in fields(config)])
    changes = data.draw(st.dictionaries(names, values, min_size=1, max_size=3))
    try:
        changed = apply_assignments(config, [f"{name}={json.dumps(value)}" for name, value in changes.items()])
        check_limits(changed)
        if isinstance(changed, CnnConfig):
            check_config(changed)
            assert changed.total_epochs > 0
    except InputError as error:
        assert len(str(error)) <= LONGEST_MESSAGE


@pytest.mark.property
@given(data=st.data())
def test_networks_whose_config_is_accepted_can_be_trained_and_predict(data):
    import torch

    from core.classifiers.cnn.network import build_network, central_square

    one_block = st.lists(st.integers(1, 6), min_size=1, max_size=2).map(tuple)
    config = CnnConfig(
        blocks=data.draw(st.lists(one_block, min_size=1, max_size=7).map(tuple)),
        pooling=data.draw(st.sampled_from(["flatten", "average"])),
        stem=data.draw(st.sampled_from(["pixels", "squares"])),
        halving=data.draw(st.sampled_from(["max", "average"])),
        residual=data.draw(st.booleans()),
        hidden=data.draw(st.integers(0, 5)),
        window=data.draw(st.integers(0, 49)),
    )
    try:
        check_config(config)
    except InputError as error:
        assert len(str(error)) <= LONGEST_MESSAGE
        return
    images = central_square(torch.zeros(2, 1, 48, 48), config.window)
    assert build_network(config)(images).shape == (2, 7)
