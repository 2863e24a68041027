"""The data set of `train --data`: train images of one data set, val and test of the one in use."""

import json
from pathlib import Path

import numpy as np
import pytest

from core import paths
from core.__main__ import main
from core.data.importing import import_dataset
from core.data.provenance import has_same_test_images, val_note
from core.data.shipped import load_manifest
from core.data.store import current_import
from core.emotions import CSV_EMOTIONS, EMOTIONS
from core.exceptions import InputError
from core.exchange.clean_out import export_clean
from core.models.store import read_card, read_predictions
from core.review import store
from core.review.clean_list import Choice, parse_drop
from core.review.data_set import data_set_name
from core.review.marks import Mark
from core.training.training_data import training_data
from tests.fixtures import synthetic

SMALL = ["--set", "blocks=[[4],[4]]", "--set", "hidden=0", "--set", "epochs=[1]", "--set", "learning_rates=[0.01]"]
TRAIN = ["train", "cnn-seed", "--as", "small", *SMALL]


@pytest.fixture
def cleaned(imported: Path, tmp_path: Path) -> Path:
    """A clean list of the data set in use, without the copies, blank images and conflicts, and with one new label."""
    store.add(data_set_name(), [Mark("train/fear/Training_9", "wrong-label", "sad", "", "2026-07-26T12:34:56Z")])
    export_clean(tmp_path / "clean", "folder", Choice())
    return tmp_path / "clean"


def test_train_comes_from_the_path_and_val_and_test_from_the_data_set_in_use(cleaned):
    in_use = current_import()
    data, sentence = training_data(cleaned)
    before, after = in_use.manifest().set_index("image_id"), data.manifest().set_index("image_id")
    assert current_import() == in_use and data.fingerprint != in_use.fingerprint
    for split in ("val", "test"):
        rows = before[before["split"] == split]
        assert after[after["split"] == split].index.tolist() == rows.index.tolist()
        assert (after.loc[rows.index, "true_label"] == rows["true_label"]).all()
        assert (after.loc[rows.index, "leaked"] == rows["leaked"]).all()
    train = after[after["split"] == "train"]
    gone = set(before.index[before["split"] == "train"]) - set(train.index)
    copies_and_conflicts = {
        "train/happy/Training_1",
        "train/happy/Training_2",
        "train/angry/Training_0",
        "train/sad/Training_0",
        "train/surprise/Training_4",
    }
    assert gone == (copies_and_conflicts | {synthetic.BLANK}) & set(before.index[before["split"] == "train"])
    assert train.loc["train/fear/Training_9", "true_label"] == "sad"
    assert f"Train has the {len(train)} train images of clean;" in sentence
    positions = {image_id: row for row, image_id in enumerate(before.index)}
    expected = in_use.faces()[[positions[image_id] for image_id in after.index]]
    assert np.array_equal(data.faces(), expected)


def test_no_train_image_is_a_val_or_test_image(cleaned):
    manifest = training_data(cleaned)[0].manifest()
    assert manifest["image_id"].is_unique
    ids = {split: set(rows["image_id"]) for split, rows in manifest.groupby("split", observed=True)}
    assert not ids["train"] & (ids["val"] | ids["test"])


def test_the_data_set_in_use_itself_is_not_stored_again(imported, archive):
    assert training_data(archive)[0] == current_import()
    assert len(list((paths.DATA_DIR / "fer2013").iterdir())) == 2


def test_images_of_another_data_set_have_their_own_splits(imported, tmp_path):
    names = [f"{split}/{emotion}/{n}.png" for split in ("train", "test") for emotion in EMOTIONS for n in range(10)]
    files = {name: synthetic.jpeg(synthetic.draw_face(1000 + seed)) for seed, name in enumerate(names)}
    data, sentence = training_data(synthetic.write_zip(tmp_path / "other.zip", files))
    assert "Train, val and test are those of other.zip" in sentence
    manifest = data.manifest()
    assert len(manifest) == 140 and not set(manifest["image_id"]) & set(load_manifest()["image_id"])
    assert set(manifest["split"]) == {"train", "val", "test"}


def test_another_data_set_without_val_and_test_gets_val_images_of_its_own(imported, tmp_path):
    names = [f"train/{emotion}/{n}.png" for emotion in EMOTIONS for n in range(20)]
    files = {name: synthetic.jpeg(synthetic.draw_face(1000 + seed)) for seed, name in enumerate(names)}
    data, sentence = training_data(synthetic.write_folder(tmp_path / "some faces, ä=1", files))
    assert "Train, val and test are those of some faces, ä=1" in sentence
    sizes = data.manifest()["split"].value_counts()
    assert sizes["train"] + sizes["val"] == 140 and sizes["val"] > 0 and sizes["test"] == 0
    assert data.manifest().query("split == 'train'")["true_label"].nunique() == len(EMOTIONS)


def test_a_train_image_that_is_val_or_test_in_use_is_refused(home, archive, tmp_path):
    import_dataset(archive)  # unknown to the project's manifest, so ids come from names, and val is drawn
    val = load_manifest().query("split == 'val'")["image_id"].tolist()
    # with val images of its own, from PublicTest, no others are drawn, and the drawn ones of the import are train
    files = {
        name.replace("test/", "val/") if "PublicTest" in name else name: data
        for name, data in synthetic.files().items()
    }
    source = synthetic.write_zip(tmp_path / "mine.zip", files)
    with pytest.raises(InputError, match=rf"{len(val)} train images of mine\.zip are val or test images") as caught:
        training_data(source)
    assert "import mine.zip and train without --data" in str(caught.value)
    assert len(list((paths.DATA_DIR / "fer2013").iterdir())) == 2


def test_a_path_without_train_images_of_an_emotion_is_refused(imported, tmp_path):
    rows = [
        synthetic.csv_row(name, face)
        for name, face in synthetic.images().items()
        if not name.startswith(("train/disgust", "train/fear"))
    ]
    table = tmp_path / "few.csv"
    table.write_text("\n".join(["emotion,pixels,Usage", *rows]) + "\n")
    assert CSV_EMOTIONS[1] == "disgust"
    with pytest.raises(InputError, match=r"few\.csv has no train images of disgust, fear"):
        training_data(table)


def test_a_model_of_another_data_set_needs_a_name_of_its_own(imported, cleaned, capsys):
    for name in ([], ["--as", "cnn-seed"]):
        assert main(["train", "cnn-seed", "--data", str(cleaned), *name]) == 1
        assert "another data set makes another model; name it with --as NAME." in capsys.readouterr().err


def test_a_missing_path_is_a_sentence(imported, capsys, tmp_path):
    assert main([*TRAIN, "--data", str(tmp_path / "nothing")]) == 1
    assert "does not exist; give the path of" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["folder", "csv"])
def test_training_records_the_data_set_and_predicts_val_and_test_of_the_one_in_use(form, imported, tmp_path, capsys):
    export_clean(tmp_path / "clean", form, Choice())
    in_use = current_import()
    assert main([*TRAIN, "--data", str(tmp_path / "clean")]) == 0
    assert "val (" in capsys.readouterr().err
    assert current_import() == in_use
    card, manifest = read_card("small"), in_use.manifest()
    sizes = manifest["split"].value_counts()
    assert card.data_fingerprint != in_use.fingerprint
    assert card.split_sizes["val"] == sizes["val"] and card.split_sizes["test"] == sizes["test"]
    assert card.split_sizes["train"] < sizes["train"]
    predicted = read_predictions("small")["image_id"].tolist()
    assert predicted == manifest.loc[manifest["split"] != "train", "image_id"].tolist()
    assert card.score("leak_free").n == int(((manifest["split"] == "test") & ~manifest["leaked"]).sum())
    # results on the images in use are known to be about images that the model was not trained on
    assert has_same_test_images(in_use, card.data_fingerprint)
    assert val_note("small", card.data_fingerprint) is None
    assert main(["evaluate", "small", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["slices"]["test"]["n"] == sizes["test"]


def test_a_stopped_training_resumes_with_the_same_path_and_not_with_another(imported, tmp_path, capsys, monkeypatch):
    from core.training import train as train_module

    export_clean(tmp_path / "clean", "folder", Choice())
    export_clean(tmp_path / "less", "folder", parse_drop("exact"))
    fit = train_module._fit

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(train_module, "_fit", stop)
    command = [*TRAIN, "--data"]
    assert main([*command, str(tmp_path / "clean")]) == 130
    assert (paths.RUNS_DIR / "small" / "origin.json").exists()
    monkeypatch.setattr(train_module, "_fit", fit)
    assert main([*command, str(tmp_path / "less")]) == 1
    assert "another data set" in capsys.readouterr().err
    assert main([*command, str(tmp_path / "clean")]) == 0
    assert not (paths.RUNS_DIR / "small").exists()
