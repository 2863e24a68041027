"""`core models`, `train`, `evaluate` and `calibrate`, on a synthetic data set and on the shipped models."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import paths
from core.__main__ import main
from core.classifiers import loading
from core.classifiers.cnn.classifier import Cnn
from core.classifiers.cnn.config import CnnConfig
from core.classifiers.trees.embedding import EmbeddingTreesConfig
from core.commands.models.train import apply_assignments
from core.data.shipped import load_manifest
from core.emotions import EMOTIONS
from core.exceptions import InputError
from core.models import folders, store
from core.training import checks
from core.training.recipes import RECIPES, Recipe
from core.training.train import _Stopwatch, calibration_source, recalibrate

SMALL = ["--set", "blocks=[[4],[4]]", "--set", "hidden=0", "--set", "epochs=[1]", "--set", "learning_rates=[0.01]"]

FIELDS = ("name", "family", "role", "images", "accuracy", "macro_f1", "ece", "size_bytes", "ms_per_face")
"""The fields of a model in `core models --json`."""


def printed_json(capsys: pytest.CaptureFixture[str]) -> object:
    return json.loads(capsys.readouterr().out)


def test_without_models_the_json_list_is_empty_and_the_text_says_that_there_are_none(home, capsys):
    assert main(["models", "--json"]) == 0
    assert printed_json(capsys) == []
    assert main(["models"]) == 0
    assert "There are no models yet" in capsys.readouterr().out


def test_models_json_has_all_fields_of_each_shipped_model_and_no_model_exceeds_10_mb(capsys):
    assert main(["models", "--json"]) == 0
    rows = {row["name"]: row for row in printed_json(capsys)}
    assert {"cnn-seed", "catboost-seed", "cnn-seed-augmented"} <= set(rows)
    for row in rows.values():
        assert list(row) == list(FIELDS)
        assert row["size_bytes"] <= 10_000_000


def test_the_models_command_imports_neither_torch_nor_catboost_nor_pandas():
    import subprocess
    import sys

    code = (
        "import sys; from core.__main__ import main; main(['models', '--json']);"
        "assert not {'torch', 'catboost', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=paths.ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("name", folders.model_names())
def test_evaluating_stored_predictions_gives_the_scores_in_the_card(name, capsys, monkeypatch, tmp_path):
    for file in ("manifest.parquet", "means.npy"):  # use the shipped manifest, even if a data set is imported
        (tmp_path / file).write_bytes((paths.ROOT / "data" / file).read_bytes())
    monkeypatch.setattr(paths, "DATA_DIR", tmp_path)
    assert main(["evaluate", name, "--stored", "--json"]) == 0
    result = printed_json(capsys)
    assert result["model"] == name
    assert {key: scores["n"] for key, scores in result["slices"].items()} == {
        "test": 7178,
        "leak_free": 6610,
        "public": 3589,
        "private": 3589,
    }
    expected = store.read_card(name).scores
    for key, scores in result["slices"].items():
        assert scores["accuracy"] == pytest.approx(expected[key].accuracy, abs=1e-9)
        assert scores["macro_f1"] == pytest.approx(expected[key].macro_f1, abs=1e-9)
        assert list(scores["per_class"]) == list(EMOTIONS)


@pytest.mark.parametrize("name", RECIPES)
def test_shipped_cards_match_their_recipes_and_each_description_ends_with_a_full_stop(name):
    card, recipe = store.read_card(name), RECIPES[name]
    assert recipe.about.endswith(".")
    assert (card.recipe_name, card.family, loading.config_of(card)) == (name, recipe.family, recipe.config)


def test_shipped_weights_can_be_loaded():
    for name in folders.model_names():
        loading.load_classifier(name)


@pytest.mark.parametrize("name", folders.model_names())
def test_shipped_weights_reproduce_a_sample_of_the_shipped_predictions(name, fer2013):
    from core.evaluation.scored_table import probabilities_of

    stored = store.read_predictions(name).sample(200, random_state=0)
    rows = dict(zip(fer2013.manifest()["image_id"], range(35_887), strict=True))
    faces = fer2013.faces()[[rows[image_id] for image_id in stored["image_id"]]]
    predicted = loading.load_classifier(name).predict_proba(faces)
    assert np.abs(predicted - probabilities_of(stored)).max() < 1e-4


def test_make_train_trains_every_recipe_after_the_models_that_it_needs(capsys):
    from core.training.recipes import models_needed_to_fit

    [line] = [line for line in (paths.ROOT / "Makefile").read_text().splitlines() if "for recipe in" in line]
    command = line.partition("$$($(BIN)/python -m core ")[2].partition(")")[0]
    assert main(command.split()) == 0
    order = capsys.readouterr().out.split()
    assert sorted(order) == sorted(RECIPES)
    for name, recipe in RECIPES.items():
        needed = {*models_needed_to_fit(recipe), *([recipe.calibrated_by] if recipe.calibrated_by else [])}
        assert needed <= set(order[: order.index(name)]), name


def test_cnn_seed_augmented_is_significantly_more_accurate_than_cnn_seed():
    from core.data.shipped import shipped_manifest
    from core.evaluation.comparison import pair, paired_bootstrap
    from core.evaluation.predictions import scored_predictions
    from core.evaluation.slices import slice_rows

    manifest = shipped_manifest()
    scored = [slice_rows(scored_predictions(name, manifest), "test") for name in ("cnn-seed-augmented", "cnn-seed")]
    assert paired_bootstrap(pair(*scored)).accuracy.low > 0


def test_evaluate_reproduces_the_accuracy_in_the_card_of_a_newly_trained_model(imported, capsys):
    assert main(["train", "cnn-seed", "--as", "small", *SMALL]) == 0
    assert "models/small" in capsys.readouterr().out
    assert not (paths.RUNS_DIR / "small").exists()
    assert main(["evaluate", "small", "--json"]) == 0
    from_weights = printed_json(capsys)
    assert main(["evaluate", "small", "--stored", "--json"]) == 0
    assert printed_json(capsys)["slices"]["test"]["accuracy"] == from_weights["slices"]["test"]["accuracy"]
    card = store.read_card("small")
    assert card.recipe_name == "cnn-seed" and card.recipe["epochs"] == [1]
    assert card.score("test").accuracy == from_weights["slices"]["test"]["accuracy"]


def test_a_model_trained_on_val_gets_another_models_calibration_and_is_refused_by_commands_that_use_val(
    imported, capsys, monkeypatch
):
    assert main(["train", "cnn-seed", "--as", "first", *SMALL]) == 0
    config = replace(loading.config_of(store.read_card("first")), fit_on="train+val")
    monkeypatch.setitem(RECIPES, "with-val", Recipe("cnn", config, calibrated_by="first"))
    assert main(["train", "with-val"]) == 0
    card = store.read_card("with-val")
    assert card.was_trained_on_val and not store.read_card("first").was_trained_on_val
    assert (card.calibration.fitted_on, card.calibration.fitted_with) == ("val", "first")
    assert card.calibration.temperature == store.read_card("first").calibration.temperature
    assert set(store.read_predictions("with-val")["image_id"]) < set(store.read_predictions("first")["image_id"])
    capsys.readouterr()
    assert main(["calibrate", "with-val"]) == 1
    assert "with-val was trained on val, so it cannot be calibrated on val" in capsys.readouterr().err
    assert main(["framing", "with-val"]) == 1
    assert "was trained on val, on which margins are compared" in capsys.readouterr().err
    # If the recipe is changed to fit on train alone, the model is calibrated on its own val predictions.
    assert main(["train", "with-val", "--as", "again", "--set", "fit_on=train"]) == 0
    assert calibration_source(store.read_card("again").calibration) == "val"


def test_recipes_that_leave_no_unseen_val_images_are_refused(imported, capsys, monkeypatch):
    assert main(["train", "cnn-seed", "--as", "first", *SMALL]) == 0
    config = loading.config_of(store.read_card("first"))
    monkeypatch.setitem(RECIPES, "with-val", Recipe("cnn", replace(config, fit_on="train+val"), calibrated_by="first"))
    assert main(["train", "with-val"]) == 0
    capsys.readouterr()
    for recipe, message in (
        (Recipe("cnn", replace(config, fit_on="train+val")), "leaves no images to fit the temperature on"),
        (Recipe("cnn", replace(config, fit_on="train+val"), calibrated_by="with-val"), "with-val was trained on val"),
        (Recipe("cnn", replace(config, start="with-val")), "with-val was trained on val"),
        (Recipe("cnn", replace(config, teachers=("first", "with-val"), views=2)), "with-val was trained on val"),
        (Recipe("catboost-embedding", EmbeddingTreesConfig(network="with-val")), "with-val was trained on val"),
    ):
        monkeypatch.setitem(RECIPES, "third", recipe)
        assert main(["train", "third"]) == 1
        assert message in capsys.readouterr().err
    assert "third" not in folders.model_names()


def test_a_stopped_run_does_not_resume_with_another_data_set(imported, capsys):
    folder = paths.RUNS_DIR / "small"
    folder.mkdir(parents=True)
    (folder / "origin.json").write_text('{"data": "another"}')
    assert main(["train", "cnn-seed", "--as", "small", *SMALL]) == 1
    assert "was started with another recipe, another data set or other weights" in capsys.readouterr().err
    assert folder.exists()


@pytest.mark.parametrize(("file", "text"), [("origin.json", '{"recipe": "CnnConfig()"}'), ("epoch-0003.json", "{}")])
def test_a_stopped_run_of_an_older_version_does_not_resume_and_keeps_its_files(imported, capsys, file, text):
    folder = paths.RUNS_DIR / "small"
    folder.mkdir(parents=True)
    (folder / file).write_text(text)
    assert main(["train", "cnn-seed", "--as", "small", *SMALL]) == 1
    assert "was started by an older version of FERscope" in capsys.readouterr().err
    assert (folder / file).read_text() == text


def test_a_stopped_run_does_not_resume_with_another_recipe_and_keeps_its_files(imported, capsys):
    from core.training.train import train

    recipe = Recipe("cnn", CnnConfig(blocks=((4,),), hidden=0, epochs=(3,), learning_rates=(0.01,)))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train("small", "cnn-seed", recipe, stop)
    files = sorted(path.name for path in (paths.RUNS_DIR / "small").iterdir())
    assert main(["train", "cnn-seed", "--as", "small", *SMALL]) == 1
    assert "was started with another recipe" in capsys.readouterr().err
    assert sorted(path.name for path in (paths.RUNS_DIR / "small").iterdir()) == files


def test_evaluate_and_models_print_tables(imported, capsys):
    assert main(["train", "cnn-seed", "--as", "small", *SMALL]) == 0
    assert main(["evaluate", "small"]) == 0
    assert main(["models"]) == 0
    text = capsys.readouterr().out
    assert "Leak-free" in text and "surprise" in text and "small" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cnn-sed"], "unknown recipe 'cnn-sed'; choose from cnn-seed"),
        (["cnn-seed", "--set", "epochs=[1]"], "name it with --as"),
        (["cnn-seed", "--as", "x", "--set", "epoch=[1]"], "unknown field 'epoch'; choose from seed"),
        (["cnn-seed", "--as", "../x"], "is not a valid model name"),
        (["cnn-seed", "--as", "x", "--set", "optimiser=SGD"], "optimiser must be one of adam, adamw, sgd, not 'SGD'"),
        (["cnn-seed", "--as", "x", "--set", "epochs=20"], "epochs must be a list, such as [1], not 20"),
        (["cnn-seed", "--as", "x", "--set", "epochs=[true]"], "epochs must be of type int, not True"),
        (["cnn-seed", "--as", "x", "--set", "dropout=high"], "dropout must be of type float, not 'high'"),
        (["cnn-seed", "--as", "x", "--set", "mirror=1"], "mirror must be of type bool, not 1"),
        (["cnn-seed", "--as", "x", "--set", "augmentation=0.2"], "augmentation must be an object"),
        (["cnn-seed", "--as", "x", "--set", 'augmentation={"turn": 2}'], "unknown fields turn"),
        (["cnn-seed", "--as", "x", "--set", "epochs=[]"], "epochs must list the length of each phase"),
        (
            ["cnn-seed", "--as", "x", "--set", "epochs=[1, 1, 1]"],
            "learning_rates has only 2 values",
        ),
        (["cnn-seed", "--as", "x", "--set", "blocks=[]"], "blocks must be lists of channel numbers"),
        (["cnn-seed", "--as", "x", "--set", "start_share=0.5"], "name it with start"),
        (["cnn-seed", "--as", "x", "--set", "window=40"], "takes only whole faces; leave window"),
        (["cnn-teacher-2", "--as", "x", "--set", "window=60"], "window must be 1 to 48 pixels"),
        (["catboost-seed", "--as", "x", "--set", "depth=17"], "depth must be from 1 to 16, not 17"),
    ],
)
def test_bad_training_arguments_give_an_error_and_write_no_model(imported, capsys, arguments, message):
    assert main(["train", *arguments]) == 1
    assert message in capsys.readouterr().err
    assert folders.model_names() == []


def test_setting_one_field_of_a_nested_config_keeps_its_other_fields():
    before = RECIPES["cnn-seed-augmented"].config
    after = apply_assignments(before, ['augmentation={"rotation": 20}'])
    assert after == replace(before, augmentation=replace(before.augmentation, rotation=20.0))


def test_recalibrate_refuses_a_manifest_that_lacks_a_predicted_image(imported):
    assert main(["train", "cnn-seed", "--as", "small", *SMALL]) == 0
    before = store.read_card("small")
    manifest = load_manifest()
    with pytest.raises(InputError, match=r"has only .*; import the data set that the model was trained on"):
        recalibrate("small", manifest[manifest["image_id"] != store.read_predictions("small")["image_id"].iloc[0]])
    assert store.read_card("small") == before


def test_a_fit_may_use_a_model_of_another_data_set_only_if_the_shipped_manifest_lists_all_val_images(
    imported, capsys, monkeypatch
):
    assert main(["train", "cnn-seed", "--as", "first", *SMALL]) == 0
    card = store.read_card("first")
    store.write_card(replace(card, data_fingerprint="another"), paths.MODELS_DIR / "first")
    monkeypatch.setitem(RECIPES, "second", Recipe("cnn", replace(loading.config_of(card), start="first")))
    assert main(["train", "second"]) == 0  # the shipped manifest lists all val images
    monkeypatch.setattr(checks, "shipped_manifest", lambda: load_manifest().query("split != 'val'"))
    assert main(["train", "second"]) == 1
    assert "first was trained on another data set" in capsys.readouterr().err


def test_batch_statistics_of_unaugmented_faces_are_also_estimated_for_the_calibrating_model(imported, monkeypatch):
    assert main(["train", "cnn-seed", "--as", "first", *SMALL]) == 0
    first = store.read_card("first")
    face_counts = []
    estimate = Cnn.estimate_statistics
    monkeypatch.setattr(
        Cnn, "estimate_statistics", lambda self, faces: (face_counts.append(len(faces)), estimate(self, faces))
    )
    config = replace(loading.config_of(first), fit_on="train+val", batch_statistics="clean")
    monkeypatch.setitem(RECIPES, "with-val", Recipe("cnn", config, calibrated_by="first"))
    assert main(["train", "with-val"]) == 0
    sizes = first.split_sizes
    assert face_counts == [sizes["train"] + sizes["val"], sizes["train"]]  # first for `with-val`, then for `first`
    calibration = store.read_card("with-val").calibration
    assert (calibration.fitted_on, calibration.fitted_with) == ("val", "first")
    assert calibration.temperature != first.calibration.temperature
    assert store.read_card("first") == first


def test_an_uncalibrated_model_in_calibrated_by_gives_an_error_before_the_fit(imported, capsys, monkeypatch):
    assert main(["train", "cnn-seed", "--as", "first", *SMALL]) == 0
    card = store.read_card("first")
    store.write_card(replace(card, calibration=None), paths.MODELS_DIR / "first")
    config = replace(loading.config_of(card), fit_on="train+val")
    monkeypatch.setitem(RECIPES, "with-val", Recipe("cnn", config, calibrated_by="first"))
    assert main(["train", "with-val"]) == 1
    assert "first has no temperature yet" in capsys.readouterr().err
    assert not (paths.RUNS_DIR / "with-val").exists()


def test_training_without_an_imported_data_set_says_how_to_import_one(shipped, capsys):
    assert main(["train", "cnn-seed"]) == 1
    assert "python -m core import" in capsys.readouterr().err


def test_models_json_leaves_out_a_model_with_a_damaged_card_and_says_so(imported, capsys):
    for name in ("small", "other"):
        assert main(["train", "cnn-seed", "--as", name, *SMALL]) == 0
    (paths.MODELS_DIR / "other" / "card.json").write_text("{")
    capsys.readouterr()
    assert main(["models", "--json"]) == 0
    output = capsys.readouterr()
    assert [row["name"] for row in json.loads(output.out)] == ["small"]
    assert "Left out: other/card.json is damaged" in output.err


def test_a_model_without_test_images_is_listed_with_dashes(imported, capsys):
    assert main(["train", "cnn-seed", "--as", "small", *SMALL]) == 0
    card = store.read_card("small")
    store.write_card(replace(card, scores={}), paths.MODELS_DIR / "small")
    capsys.readouterr()
    assert main(["models"]) == 0
    [row] = [line for line in capsys.readouterr().out.splitlines() if "small" in line]
    assert [cell.strip() for cell in row.split("│")].count("-") == 3  # accuracy, macro-F1, ECE


def test_evaluating_an_unknown_model_gives_an_error(home, capsys):
    assert main(["evaluate", "nothing", "--json"]) == 1
    assert "unknown model 'nothing'" in capsys.readouterr().err


def test_an_interrupt_while_the_training_time_is_saved_leaves_a_readable_file(tmp_path, monkeypatch):
    file = tmp_path / "seconds.txt"
    _Stopwatch(file).save()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        _Stopwatch(file).save()
    assert _Stopwatch(file).seconds >= 0


def test_a_stopped_run_writes_no_model_and_can_be_resumed(imported, monkeypatch, capsys):
    from core.training.train import train

    recipe = Recipe("cnn", CnnConfig(blocks=((4,),), hidden=0, epochs=(3,), learning_rates=(0.01,)))

    def stop_after_two_epochs(done: int, total: int, metrics: dict[str, float]) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train("small", "cnn-seed", recipe, stop_after_two_epochs)
    assert folders.model_names() == []
    epochs: list[int] = []
    train("small", "cnn-seed", recipe, lambda done, total, metrics: epochs.append(done))
    assert epochs == [3]
    assert len(store.read_history("small")) == 3


def test_every_recipe_has_a_config_of_its_family():
    from core.classifiers.families import CLASSIFIERS

    for recipe in RECIPES.values():
        assert isinstance(recipe.config, CLASSIFIERS[recipe.family].config_type)


def test_model_folders_contain_no_pickle_files():
    suffixes = {path.suffix for path in Path(paths.ROOT / "models").glob("*/*")}
    assert suffixes <= {".safetensors", ".cbm", ".json", ".csv", ".parquet"}
